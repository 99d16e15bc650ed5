import { failsResponse, says, scripted, stalls } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { expectApology } from './apology.ts';
import { setStage } from './stage.ts';

const { story } = setStage();

story.concurrent(
  'a model that stalls once is asked again, and the person hears an answer',
  async ({ place }) => {
    const call = await place({ agent: scripted([stalls()], [says('Hello at last.')]) });
    await call.connected();
    await call.person.hears({ words: /Hello at last\./u }, 15_000);
  },
);

story.concurrent('a model that stalls again and again is given up with an apology', async ({ place }) => {
  const call = await place({ agent: scripted([stalls()], [stalls()], [stalls()], [stalls()]) });
  await expectApology(call);
});

story.concurrent('a response that fails once is tried again', async ({ place }) => {
  const call = await place({ agent: scripted([failsResponse()], [says('Hello, second try.')]) });
  await call.connected();
  await call.person.hears({ words: /second try/u }, 15_000);
});

story.concurrent('responses that fail one after another end in an apology', async ({ place }) => {
  const call = await place({
    agent: scripted(
      [failsResponse()],
      [failsResponse('rate_limit_exceeded')],
      [failsResponse()],
      [failsResponse()],
    ),
  });
  await expectApology(call);
});

story.concurrent(
  'a voice session that breaks off in mid-sentence is replaced, and the agent goes on',
  async ({ place }) => {
    const call = await place({
      agent: scripted(
        [says('Hello, I am calling about the table for Friday evening.', { lastingMs: 20_000 })],
        [says('As I was saying, a table for Friday.')],
      ),
    });
    await call.connected();
    await call.person.hears({ words: /I am calling/u });
    call.model.drop();
    await call.reaches('voice-session-opened', 2);
    await call.person.hears({ words: /As I was saying/u });
    expect(call.model.settings.instructions).toContain(`# Goal\n${call.goal}\n`);
  },
);

story.concurrent('a media stream that breaks off is replaced, and the agent goes on', async ({ place }) => {
  const call = await place({
    agent: scripted(
      [says('Hello, I am calling about the table for Friday evening.', { lastingMs: 20_000 })],
      [says('As I was saying, a table for Friday.')],
    ),
  });
  await call.connected();
  await call.person.hears({ words: /I am calling/u });
  call.line.stream?.drop();
  await call.reaches('media-stream-opened', 2);
  await call.person.hears({ words: /As I was saying/u });
  call.person.hangsUp();
  expect((await call.ended()).call.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
});
