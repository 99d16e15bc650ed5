import { useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf, ServerRefused } from '../live/ask-server.ts';
import { logIn } from '../live/session-api.ts';
import type { PageSession } from '../live/session-api.ts';
import { TextField } from './text-field.tsx';
import { useArrival } from './use-arrival.ts';
import { WordedCode } from './worded-code.tsx';

/** Asks for a token; the server keeps the login in a cookie that no script can read. */
export function LoginPage({
  session,
  onLogin,
}: {
  readonly session: PageSession;
  readonly onLogin: (session: PageSession) => void;
}) {
  const heading = useArrival('Log in');
  const canLogIn = session.takesTokens || session.issuer !== null;
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
      setProblem(
        isWrong && session.issuer === null
          ? 'This token is not one of the server’s, or it has expired.'
          : sentenceOf(failure),
      );
      setIsAsking(false);
    }
  }

  return (
    <main className="mx-auto max-w-md px-4 pt-16 pb-20">
      <form className="card grid grid-cols-1 gap-4 p-6" onSubmit={(event) => void ask(event)}>
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
          Log in
        </h1>
        <p className="text-sm break-words text-muted">
          <WordedCode>{whatToPaste(session)}</WordedCode>
        </p>
        {canLogIn && <TextField label="Token" type="password" isRequired value={token} onChange={setToken} />}
        {problem !== undefined && (
          <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm text-bad">
            {problem}
          </p>
        )}
        {canLogIn && (
          <button type="submit" className="button bg-accent text-on-accent" disabled={isAsking}>
            {isAsking ? 'Asking…' : 'Log in'}
          </button>
        )}
      </form>
    </main>
  );
}

function whatToPaste({ takesTokens, issuer }: PageSession): string {
  if (issuer === null) {
    return takesTokens
      ? 'This server asks for a token. Its operator has set it as `MCP_AUTH_TOKEN`.'
      : 'This server is open to programs on its own machine alone. Open this page there, or have the operator set `MCP_AUTH_TOKEN` to let others in.';
  }
  return takesTokens
    ? `This server asks for a token: one that its operator has set as \`MCP_AUTH_TOKEN\`, or an access token of ${issuer}, which lasts as long as it says.`
    : `This server takes access tokens of ${issuer}. Paste one here: the login lasts as long as the token. For a longer one the operator sets \`MCP_AUTH_TOKEN\`.`;
}
