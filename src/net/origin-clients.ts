import { Client, type buildConnector } from 'undici';

export interface ClientSettings {
  connector: buildConnector.connector;
  connectionsPerOrigin: number;
  /** Connections that nobody uses, over all origins; beyond, those unused for longest are closed. */
  maxIdleConnections: number;
}

/**
 * Sends one request over `client` and calls `leave` once, when undici has no more to say about it. May destroy the client
 * to end its connection.
 */
export type Use = (client: Client, leave: () => void) => void;

/** The connections to one origin (scheme, host, port), and who waits for one. */
interface Line {
  origin: string;
  connections: number;
  /** The one used last at the end: it is taken first, so that those not needed grow old. */
  free: Client[];
  waiting: Set<Use>;
}

/**
 * Connections by origin. undici's Pool is not used: a request that was given up while it waits in a Pool's queue has a
 * connection opened for it all the same when its turn comes, and its limits know one origin only.
 */
export class OriginClients {
  readonly #settings: ClientSettings;
  readonly #lines = new Map<string, Line>();
  /** Whom nobody uses, in the order in which they were left. */
  readonly #idle = new Map<Client, Line>();
  readonly #all = new Set<Client>();
  #closed = false;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Calls `use`, at once or when a connection is free. What it gives back takes a waiting caller out of the line. */
  enter(origin: string, use: Use): () => void {
    const line = this.#lineOf(origin);
    const client = line.free.pop();
    if (client !== undefined) {
      this.#idle.delete(client);
      this.#start(line, client, use);
    } else if (line.connections < this.#settings.connectionsPerOrigin) {
      this.#start(line, this.#open(line), use);
    } else {
      line.waiting.add(use);
    }
    return () => line.waiting.delete(use);
  }

  /** Ends every connection and fails what is under way or waiting; later requests fail too. */
  async close(): Promise<void> {
    this.#closed = true;
    const clients = [...this.#all];
    await Promise.all(clients.map((client) => client.destroy()));
  }

  #lineOf(origin: string): Line {
    let line = this.#lines.get(origin);
    if (line === undefined) {
      line = { origin, connections: 0, free: [], waiting: new Set() };
      this.#lines.set(origin, line);
    }
    return line;
  }

  #open(line: Line): Client {
    const client = new Client(line.origin, {
      connect: this.#settings.connector,
      // The deadlines are kept by Exchange and DownloadBody, to the millisecond and without the reader's time.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
      keepAliveMaxTimeout: 60_000,
    });
    line.connections += 1;
    this.#all.add(client);
    if (this.#closed) void client.destroy();
    return client;
  }

  #start(line: Line, client: Client, use: Use): void {
    use(client, () => {
      if (line.waiting.size === 0) this.#rest(line, client);
      // Not from within this call: where each fails at once, all who wait would pile up on the stack.
      else setImmediate(() => this.#passOn(line, client));
    });
  }

  #passOn(line: Line, client: Client): void {
    const [next] = line.waiting;
    if (next === undefined) {
      this.#rest(line, client);
      return;
    }
    const own = client.destroyed ? this.#open(line) : client;
    if (client !== own) this.#forget(line, client);
    line.waiting.delete(next);
    this.#start(line, own, next);
  }

  #rest(line: Line, client: Client): void {
    if (client.destroyed) {
      this.#forget(line, client);
    } else {
      line.free.push(client);
      this.#idle.set(client, line);
      if (this.#idle.size > this.#settings.maxIdleConnections) this.#closeOldest();
    }
  }

  #closeOldest(): void {
    const [oldest] = this.#idle;
    if (oldest === undefined) return;
    const [client, line] = oldest;
    this.#idle.delete(client);
    line.free.splice(line.free.indexOf(client), 1);
    this.#forget(line, client);
    void client.close();
  }

  #forget(line: Line, client: Client): void {
    line.connections -= 1;
    this.#all.delete(client);
    if (line.connections === 0 && line.waiting.size === 0) this.#lines.delete(line.origin);
  }
}
