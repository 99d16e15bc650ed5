/**
 * Headers of a request that is sent once. A connection that was kept open may be closed by the far end in the moment
 * that it is used again: the request is lost, and nobody can tell whether it was carried out.
 */
export const ownConnection = { connection: 'close' } as const;
