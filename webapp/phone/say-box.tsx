import { useState } from 'react';
import type { FormEvent } from 'react';
import { Send } from 'lucide-react';

/** For those who do not talk: what is typed or tapped is spoken to the agent. */
export function SayBox({
  replies,
  onSay,
}: {
  readonly replies: readonly string[];
  readonly onSay: (text: string) => void;
}) {
  const [text, setText] = useState('');

  function say(event: FormEvent): void {
    event.preventDefault();
    const words = text.trim();
    if (words === '') return;
    onSay(words);
    setText('');
  }

  return (
    <div className="grid grid-cols-1 gap-3">
      {/* Other replies are shown from their beginning, however far one had scrolled. */}
      <ul
        key={replies[0]}
        aria-label="Suggested replies"
        className="flex gap-2 max-lg:-mx-4 max-lg:overflow-x-auto max-lg:px-4 max-lg:pb-1 lg:flex-wrap"
      >
        {replies.map((reply) => (
          <li key={reply}>
            <button
              type="button"
              className="min-h-9 cursor-pointer max-lg:whitespace-nowrap rounded-2xl border border-line bg-surface px-3 py-1.5 text-left text-sm hover:border-accent hover:text-accent"
              onClick={() => onSay(reply)}
            >
              {reply}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={say} className="flex gap-2">
        <input
          className="field"
          aria-label="Say something"
          placeholder="Type what you say…"
          maxLength={500}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" aria-label="Say it" className="button shrink-0 bg-accent text-on-accent">
          <Send aria-hidden="true" className="size-5" />
        </button>
      </form>
    </div>
  );
}
