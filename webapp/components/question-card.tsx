import { MessageCircleQuestion, Wrench } from 'lucide-react';
import { useId, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import type { OpenQuestion } from '../../websocket-server/src/call/call.ts';
import { sentenceOf } from '../live/ask-server.ts';
import { answerQuestion } from '../live/server-api.ts';
import { lengthWords, nameWords } from './call-words.ts';
import type { ToolUsed } from './tool-turn.tsx';
import { isBrokenJson, readableJson } from './tool-words.ts';
import { useNow } from './use-now.ts';

/**
 * What the agent asks its owner while the person waits, a box to answer in, and how long there is to. A tool that
 * its owner answers by hand asks in the same way.
 */
export function QuestionCard({
  callId,
  question,
  tool,
  mayAnswer,
}: {
  readonly callId: string;
  readonly question: OpenQuestion;
  /** The tool whose answer is wanted; undefined where the agent asks in its own words. */
  readonly tool: ToolUsed | undefined;
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
    // The answer of a tool has lines of its own.
    if (tool !== undefined && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    void send();
  }

  return (
    <section aria-labelledby={id} className="rounded-xl border-2 border-wait bg-wait-tint p-4 shadow-lg">
      <div className="flex items-baseline justify-between gap-4 text-sm font-medium text-wait">
        <span className="flex items-center gap-2">
          {tool === undefined ? (
            <MessageCircleQuestion aria-hidden="true" className="size-4 self-center" />
          ) : (
            <Wrench aria-hidden="true" className="size-4 self-center" />
          )}
          {tool === undefined ? 'The agent asks you' : 'A tool waits for your answer'}
        </span>
        <span className="tabular-nums" title="Then the agent goes on without an answer">
          <span className="sr-only">Time left </span>
          {lengthWords(leftSeconds)}
        </span>
      </div>
      <p id={id} role="alert" dir="auto" className="mt-1 text-lg font-medium wrap-anywhere">
        {tool === undefined ? question.question : `What does ${nameWords(tool.name)} answer?`}
      </p>
      {tool !== undefined && (
        <pre
          tabIndex={0}
          aria-label="What the tool is asked"
          className="mt-2 max-h-32 overflow-auto rounded-lg bg-surface p-2 font-mono text-xs break-words whitespace-pre-wrap"
        >
          {readableJson(tool.arguments)}
        </pre>
      )}
      {mayAnswer && (
        <form className="mt-3 flex items-end gap-2" onSubmit={(event) => void send(event)}>
          <textarea
            id={answerBoxId(question.questionId)}
            rows={1}
            className={`field field-sizing-content max-h-40 ${tool === undefined ? '' : 'min-h-16 font-mono text-sm'}`}
            aria-label="Your answer"
            placeholder={tool === undefined ? 'Your answer' : '{"available": true}'}
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
      {tool !== undefined && isBrokenJson(answer) && (
        <p role="status" className="mt-2 text-sm text-muted">
          This is no whole JSON. The agent is given it as it stands.
        </p>
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {problem}
        </p>
      )}
    </section>
  );
}

/** Where a question is answered, for whoever leads there. */
export function answerBoxId(questionId: string): string {
  return `answer-${questionId}`;
}
