import { Delete } from 'lucide-react';
import { useState } from 'react';
import { Keypad } from './keypad.tsx';

const mostKeys = 32;

/** Keys to press in a call: typed or clicked together, then sent as one, so that their order is sure. */
export function KeysToPress({
  isOff,
  onPress,
}: {
  readonly isOff: boolean;
  readonly onPress: (digits: string) => Promise<boolean>;
}) {
  const [digits, setDigits] = useState('');

  async function press(): Promise<void> {
    if (digits !== '' && (await onPress(digits))) setDigits('');
  }

  return (
    <form
      className="grid grid-cols-1 gap-2 pb-1"
      onSubmit={(event) => {
        event.preventDefault();
        void press();
      }}
    >
      <div className="flex gap-2">
        <input
          className="field min-w-0 flex-1 text-center font-mono text-lg tracking-widest"
          aria-label="Keys to press"
          placeholder="1234#"
          title="w waits half a second"
          inputMode="tel"
          maxLength={mostKeys}
          value={digits}
          disabled={isOff}
          onChange={(event) => setDigits(event.target.value.replaceAll(/[^0-9*#wW]/g, ''))}
        />
        <button
          type="button"
          className="button shrink-0 border border-line px-3"
          aria-label="Delete the last key"
          disabled={isOff || digits === ''}
          onClick={() => setDigits(digits.slice(0, -1))}
        >
          <Delete aria-hidden="true" className="size-5" />
        </button>
        <button
          type="submit"
          className="button shrink-0 bg-accent text-on-accent"
          disabled={isOff || digits === ''}
        >
          Press
        </button>
      </div>
      <Keypad
        columns={6}
        isOff={isOff}
        onKey={(key) => setDigits((before) => `${before}${key}`.slice(0, mostKeys))}
      />
    </form>
  );
}
