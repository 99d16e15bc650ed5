import type { CallReport } from '../../call-report.ts';
import type { TranscriptEntry } from '../../transcript-entries.ts';

/** What the card knows of its call. */
export interface CardState {
  readonly callId: string | null;
  /** What the call is for; null when the tool that brought the card did not say. */
  readonly goal: string | null;
  /** Null until the call has been looked at. */
  readonly report: CallReport | null;
  /** In spoken order. */
  readonly turns: readonly TranscriptEntry[];
  /** Where `turns` have been read up to. */
  readonly cursor: string | undefined;
  /** A sentence for the user; null when all is well. */
  readonly trouble: string | null;
}

export const emptyCard: CardState = {
  callId: null,
  goal: null,
  report: null,
  turns: [],
  cursor: undefined,
  trouble: null,
};

/** What the tool that follows a call answers. */
export interface News extends CallReport {
  readonly turns: readonly TranscriptEntry[];
  readonly cursor: string;
}

export function withNews(state: CardState, news: News): CardState {
  const { turns: fresh, cursor, ...report } = news;
  // A turn that is settled late belongs before those that began after it.
  const turns = [...state.turns, ...fresh].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  return { ...state, report, turns, cursor, trouble: null };
}

export function isOver({ report }: CardState): boolean {
  return report !== null && ['completed', 'failed', 'canceled'].includes(report.state);
}

/** `0:07`, `12:30`. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
