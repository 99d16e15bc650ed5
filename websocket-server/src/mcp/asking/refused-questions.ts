/** As many as matter: a question is open for two minutes at most. */
const remembered = 1000;

/** The questions that users have turned away, by the client they did it with. */
export class RefusedQuestions {
  readonly #refused = new Set<string>();

  has(client: string, callId: string, questionId: string): boolean {
    return this.#refused.has(keyOf(client, callId, questionId));
  }

  add(client: string, callId: string, questionId: string): void {
    this.#refused.add(keyOf(client, callId, questionId));
    const [oldest] = this.#refused;
    if (this.#refused.size > remembered && oldest !== undefined) this.#refused.delete(oldest);
  }
}

function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
