const keys: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];
const names: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Hash' };

/** The keys of a phone. Each press is heard by the other end. */
export function Keypad({ onPress }: { readonly onPress: (digit: string) => void }) {
  return (
    <div role="group" aria-label="Keypad" className="mx-auto grid w-fit grid-cols-3 gap-2">
      {keys.map(([digit, letters]) => (
        <button
          key={digit}
          type="button"
          aria-label={names[digit] ?? digit}
          className="grid size-[3.75rem] cursor-pointer place-content-center rounded-full bg-sunken text-center transition-colors hover:bg-line active:bg-agent"
          onClick={() => onPress(digit)}
        >
          <span className="text-2xl leading-7">{digit}</span>
          <span aria-hidden="true" className="h-3 text-[0.625rem] leading-3 tracking-widest text-muted">
            {letters}
          </span>
        </button>
      ))}
    </div>
  );
}
