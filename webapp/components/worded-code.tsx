/** A sentence in which `backticks` stand around what is typed as it is. */
export function WordedCode({ children }: { readonly children: string }) {
  return children.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // Parts of a sentence have no other names, and stay in their order.
      <code key={index} className="rounded bg-sunken px-1 font-mono text-[0.92em] text-ink">
        {part}
      </code>
    ),
  );
}
