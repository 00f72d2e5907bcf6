import { createServer, type Server } from 'node:net';
import { freePort, requireFreePorts, type WantedPort } from '../../src/local/ports';

const wanted = (port: number, variable = 'PORT', purpose = 'the api'): WantedPort => ({
  purpose,
  variable,
  port,
  host: '127.0.0.1',
});

describe('ports that npm start needs', () => {
  let server: Server;
  let busy: number;
  beforeAll(async () => {
    busy = await freePort();
    server = createServer();
    await new Promise<void>((resolve) => server.listen(busy, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('accepts ports on which nothing listens, and leaves them free', async () => {
    const port = await freePort();
    await requireFreePorts([wanted(port)]);
    await expect(requireFreePorts([wanted(port)])).resolves.toBeUndefined();
  });

  it('names a busy port, what it is wanted for, and the variable that changes it', async () => {
    await expect(requireFreePorts([wanted(busy, 'TEMPORAL_UI_PORT', 'the Web UI')])).rejects.toThrow(
      new RegExp(`Port ${busy}, wanted for the Web UI, is in use.*set TEMPORAL_UI_PORT to another port`),
    );
  });

  it('says which process holds the port, where the system tells', async () => {
    const holder = process.platform === 'linux' ? `in use by process ${process.pid} (` : 'in use';
    await expect(requireFreePorts([wanted(busy)])).rejects.toThrow(holder);
  });

  it('names all that are busy at once, so that they are put right at once', async () => {
    const [one, two] = [wanted(busy, 'PORT'), wanted(busy, 'POSTGRES_PORT', 'Postgres')];
    await expect(requireFreePorts([one, two])).rejects.toThrow(/PORT to another[^]*POSTGRES_PORT to another/);
  });

  it('refuses one port for two purposes', async () => {
    const port = await freePort();
    const both = [wanted(port, 'PORT'), wanted(port, 'POSTGRES_PORT', 'Postgres')];
    await expect(requireFreePorts(both)).rejects.toThrow('wanted twice');
  });
});
