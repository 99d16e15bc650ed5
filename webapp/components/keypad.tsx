import { useState } from 'react';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keys to press on the phone: typed or clicked together, then sent as one, so that their order is sure. */
export function Keypad({
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
      aria-label="Keypad"
      className="mx-auto grid w-full max-w-72 grid-cols-3 gap-2 pb-1 sm:max-w-none sm:grid-cols-6"
      onSubmit={(event) => {
        event.preventDefault();
        void press();
      }}
    >
      <input
        className="field col-span-2 text-center sm:col-span-5 font-mono text-lg tracking-widest"
        aria-label="Keys to press"
        inputMode="tel"
        maxLength={32}
        value={digits}
        disabled={isOff}
        onChange={(event) => setDigits(event.target.value.replaceAll(/[^0-9*#wW]/g, ''))}
      />
      <button
        type="submit"
        className="button bg-accent px-2 text-on-accent"
        disabled={isOff || digits === ''}
      >
        Press
      </button>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          className="button border border-line bg-surface text-lg hover:bg-sunken"
          disabled={isOff}
          onClick={() => setDigits((before) => `${before}${key}`.slice(0, 32))}
        >
          {key}
        </button>
      ))}
    </form>
  );
}
