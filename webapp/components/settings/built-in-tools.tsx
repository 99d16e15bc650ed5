import type { BuiltInTool } from '../../live/settings-api.ts';

/** What the agent may use in every call, for whoever wants to know. */
export function BuiltInTools({ tools }: { readonly tools: readonly BuiltInTool[] }) {
  return (
    <details className="card px-5 py-4">
      <summary className="rounded font-semibold">Built-in tools ({tools.length})</summary>
      <dl className="mt-3 grid grid-cols-1 gap-3 text-sm">
        {tools.map(({ name, description }) => (
          <div key={name}>
            <dt className="font-mono font-medium">{name}</dt>
            <dd className="text-muted">{description}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
