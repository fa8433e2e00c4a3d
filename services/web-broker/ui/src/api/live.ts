// Live streams: subscriptions over one WebSocket (graphql-transport-ws), resumed where they broke off.
import { useEffect, useRef } from 'react';
import { token } from '../app/session';
import type { Document } from './graphql';

type Told = { type: string; id?: string; payload?: { data?: unknown } };

/**
 * Follows `document` until the returned function is called. `variables` is asked anew at each connection, so that a
 * stream goes on behind the last thing that was seen.
 */
export function follow<Answer, Variables>(
  document: Document<Answer, Variables>,
  variables: () => Variables,
  seen: (answer: Answer) => void,
): () => void {
  let over = false;
  let socket: WebSocket | undefined;
  let wait = 500;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    socket = new WebSocket(
      `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
      'graphql-transport-ws',
    );
    socket.onopen = () =>
      say({ type: 'connection_init', payload: { authorization: `Bearer ${token() ?? ''}` } });
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(String(data)) as Told;
      if (told.type === 'connection_ack') {
        wait = 500;
        say({ type: 'subscribe', id: '1', payload: { query: document, variables: variables() } });
      } else if (told.type === 'ping') say({ type: 'pong' });
      else if (told.type === 'next' && told.payload?.data) seen(told.payload.data as Answer);
    };
    socket.onclose = () => {
      if (over) return;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 15_000);
    };
  };
  const say = (message: unknown) => socket?.send(JSON.stringify(message));
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close(1000);
  };
}

/** Follows `document` while the page is shown and `on` holds. */
export function useLive<Answer, Variables>(
  document: Document<Answer, Variables>,
  on: boolean,
  variables: () => Variables,
  seen: (answer: Answer) => void,
): void {
  const latest = useRef({ variables, seen });
  useEffect(() => {
    latest.current = { variables, seen };
  });
  useEffect(() => {
    if (!on) return;
    return follow(
      document,
      () => latest.current.variables(),
      (answer) => latest.current.seen(answer),
    );
  }, [document, on]);
}
