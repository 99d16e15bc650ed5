'use client';

import { usePathname } from 'next/navigation';
import { useSyncExternalStore } from 'react';

/** What the address asks for. */
export type Route = { readonly path: string } & (
  { readonly page: 'calls' } | { readonly page: 'phone' } | { readonly page: 'call'; readonly callId: string }
);

export const callsPath = '/';
/** Pages with a document of their own: links to them, and away from them, load one. */
export const setupPath = '/setup';
export const settingsPath = '/settings';
const ownDocument = /^\/(setup|settings)\/?$/;
export const phonePath = '/phone';
const listenParameter = 'listen';

/** The phone in the page, listening in to a live call. */
export function listenPath(callId: string): string {
  return `${phonePath}?${listenParameter}=${encodeURIComponent(callId)}`;
}

/** The call that the address wants to be listened to. */
export function listenedCallId(): string | undefined {
  return new URLSearchParams(window.location.search).get(listenParameter) ?? undefined;
}

export function callPath(callId: string): string {
  return `/calls/${encodeURIComponent(callId)}`;
}

export function routeOf(path: string): Route {
  if (/^\/phone\/?$/.test(path)) return { path: phonePath, page: 'phone' };
  const [, encodedId] = /^\/calls\/([^/]+)\/?$/.exec(path) ?? [];
  if (encodedId === undefined) return { path, page: 'calls' };
  try {
    return { path, page: 'call', callId: decodeURIComponent(encodedId) };
  } catch {
    return { path, page: 'call', callId: encodedId };
  }
}

/** Moves to another page of ours without loading a document: the export holds no document per call. */
export function goTo(path: string): void {
  if (ownDocument.test(window.location.pathname)) return window.location.assign(path);
  window.history.pushState(null, '', path);
  window.scrollTo(0, 0);
}

const never = () => () => {};

/** @returns null in the exported document, which is one for every call, and until it has become alive */
export function useRoute(): Route | null {
  const path = usePathname();
  const isAlive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return isAlive ? routeOf(path) : null;
}
