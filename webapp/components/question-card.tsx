import { MessageCircleQuestion } from 'lucide-react';
import { useId, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import type { OpenQuestion } from '../../websocket-server/src/call/call.ts';
import { sentenceOf } from '../live/ask-server.ts';
import { answerQuestion } from '../live/server-api.ts';
import { lengthWords } from './call-words.ts';
import { useNow } from './use-now.ts';

/** What the agent asks its owner while the person waits, a box to answer in, and how long there is to. */
export function QuestionCard({
  callId,
  question,
  mayAnswer,
}: {
  readonly callId: string;
  readonly question: OpenQuestion;
  readonly mayAnswer: boolean;
}) {
  const id = useId();
  const now = useNow(true);
  const [answer, setAnswer] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isSent, setIsSent] = useState(false);
  const leftSeconds = Math.max(0, Math.ceil((question.expiresAt - now) / 1000));

  async function send(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (isSent || answer.trim() === '') return;
    setProblem(undefined);
    setIsSent(true);
    try {
      const isTaken = await answerQuestion(callId, question.questionId, answer.trim());
      if (!isTaken) setProblem('Too late: the agent went on without an answer.');
    } catch (failure) {
      setProblem(sentenceOf(failure));
      setIsSent(false);
    }
  }

  function sendOnEnter(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  }

  return (
    <section aria-labelledby={id} className="rounded-xl border-2 border-wait bg-wait-tint p-4 shadow-lg">
      <div className="flex items-baseline justify-between gap-4 text-sm font-medium text-wait">
        <span className="flex items-center gap-2">
          <MessageCircleQuestion aria-hidden="true" className="size-4 self-center" />
          The agent asks you
        </span>
        <span className="tabular-nums" title="Then the agent goes on without an answer">
          <span className="sr-only">Time left </span>
          {lengthWords(leftSeconds)}
        </span>
      </div>
      <p id={id} role="alert" className="mt-1 text-lg font-medium break-words">
        {question.question}
      </p>
      {mayAnswer && (
        <form className="mt-3 flex items-end gap-2" onSubmit={(event) => void send(event)}>
          <textarea
            rows={1}
            className="field field-sizing-content max-h-40"
            aria-label="Your answer"
            placeholder="Your answer"
            value={answer}
            readOnly={isSent}
            onChange={(event) => setAnswer(event.target.value)}
            onKeyDown={sendOnEnter}
          />
          <button
            type="submit"
            className="button shrink-0 bg-accent text-on-accent"
            disabled={isSent || answer.trim() === ''}
          >
            {isSent ? 'Sent' : 'Answer'}
          </button>
        </form>
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {problem}
        </p>
      )}
    </section>
  );
}
