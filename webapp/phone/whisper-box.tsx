import { useState } from 'react';
import type { FormEvent } from 'react';
import { askServer, sentenceOf } from '../live/ask-server.ts';

/** A word to the agent that the person does not hear. */
export function WhisperBox({ callId }: { readonly callId: string }) {
  const [text, setText] = useState('');
  const [told, setTold] = useState<{ readonly words: string; readonly isProblem: boolean }>();

  async function whisper(event: FormEvent): Promise<void> {
    event.preventDefault();
    const value = text.trim();
    if (value === '') return;
    try {
      await askServer(`/api/calls/${encodeURIComponent(callId)}/control`, {
        method: 'POST',
        body: { action: 'guide', value },
      });
      setText('');
      setTold({ words: `The agent knows: “${value}”`, isProblem: false });
    } catch (failure) {
      setTold({ words: sentenceOf(failure), isProblem: true });
    }
  }

  return (
    <form onSubmit={(event) => void whisper(event)} className="grid gap-2">
      <div className="flex gap-2">
        <input
          className="field"
          aria-label="Whisper to the agent"
          placeholder="Whisper to the agent…"
          maxLength={500}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button shrink-0 border border-line">
          Whisper
        </button>
      </div>
      <p
        role="status"
        className={`min-h-5 text-sm break-words ${told?.isProblem ? 'text-bad' : 'text-muted'}`}
      >
        {told?.words}
      </p>
    </form>
  );
}
