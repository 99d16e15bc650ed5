import { useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf, ServerRefused } from '../live/ask-server.ts';
import { logIn } from '../live/session-api.ts';
import type { PageSession } from '../live/session-api.ts';
import { TextField } from './text-field.tsx';
import { useArrival } from './use-arrival.ts';

/** Asks for a token; the server keeps the login in a cookie that no script can read. */
export function LoginPage({ onLogin }: { readonly onLogin: (session: PageSession) => void }) {
  const heading = useArrival('Log in');
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isAsking, setIsAsking] = useState(false);

  async function ask(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isAsking) return;
    setProblem(undefined);
    setIsAsking(true);
    try {
      onLogin(await logIn(token.trim()));
    } catch (failure) {
      const isWrong = failure instanceof ServerRefused && failure.code === 'unauthorized';
      setProblem(isWrong ? 'This token is not one of the server’s, or it has expired.' : sentenceOf(failure));
      setIsAsking(false);
    }
  }

  return (
    <main className="mx-auto max-w-md px-4 pt-16 pb-20">
      <form className="card grid grid-cols-1 gap-4 p-6" onSubmit={(event) => void ask(event)}>
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
          Log in
        </h1>
        <p className="text-sm text-muted">
          This server asks for a token. Its operator has set it as{' '}
          <code className="font-mono">MCP_AUTH_TOKEN</code>.
        </p>
        <TextField label="Token" type="password" isRequired value={token} onChange={setToken} />
        {problem !== undefined && (
          <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm text-bad">
            {problem}
          </p>
        )}
        <button type="submit" className="button bg-accent text-on-accent" disabled={isAsking}>
          {isAsking ? 'Asking…' : 'Log in'}
        </button>
      </form>
    </main>
  );
}
