/** As many as matter: a question is open for two minutes at most. */
const remembered = 1000;

/** Questions by the client whose user has turned them away, or has them on the screen. */
export class NotedQuestions {
  readonly #noted = new Set<string>();

  has(client: string, callId: string, questionId: string): boolean {
    return this.#noted.has(keyOf(client, callId, questionId));
  }

  add(client: string, callId: string, questionId: string): void {
    this.#noted.add(keyOf(client, callId, questionId));
    const [oldest] = this.#noted;
    if (this.#noted.size > remembered && oldest !== undefined) this.#noted.delete(oldest);
  }

  remove(client: string, callId: string, questionId: string): void {
    this.#noted.delete(keyOf(client, callId, questionId));
  }
}

function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
