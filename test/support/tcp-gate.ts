import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy whose two directions can be held: what is sent stays in the pipe until it is opened again, or is lost. */
export interface TcpGate {
  address: string;
  /** Nothing more reaches the server. */
  holdRequests: () => void;
  /** Nothing more reaches the client. */
  holdAnswers: () => void;
  /** Lets everything through again, for connections that come from now on. */
  open: () => void;
  close: () => Promise<void>;
}

export async function createTcpGate(target: string): Promise<TcpGate> {
  const [host = '127.0.0.1', port = '0'] = target.split(':');
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let held: 'requests' | 'answers' | undefined;
  const gate: Server = createServer((client) => {
    const server = connect(Number(port), host);
    const pair = { client, server };
    pairs.add(pair);
    client.on('data', (chunk) => held !== 'requests' && server.write(chunk));
    server.on('data', (chunk) => held !== 'answers' && client.write(chunk));
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(gate.address() as AddressInfo).port}`,
    holdRequests: () => void (held = 'requests'),
    holdAnswers: () => void (held = 'answers'),
    open() {
      held = undefined;
      // What was dropped in between has broken these.
      for (const { client } of pairs) client.destroy();
    },
    async close() {
      for (const { client } of pairs) client.destroy();
      await new Promise((resolve) => gate.close(resolve));
    },
  };
}
