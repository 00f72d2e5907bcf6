import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseDataFolder, DataFolder } from '../../src/local/data-folder';
import { identityOf } from '../../src/local/process-identity';
import { isRoot } from '../../src/local/server-user';

const nobody = { uid: 65_534, gid: 65_534 };

describe('the data folder', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'data-folder-'));
    chmodSync(base, 0o755);
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it('belongs to one start at a time, and the second one says who has it', () => {
    const first = DataFolder.open(path.join(base, 'data'));
    expect(() => DataFolder.open(path.join(base, 'data'))).toThrow(
      `The hub is running on ${base}/data already (process ${process.pid})`,
    );
    first.release();
    DataFolder.open(path.join(base, 'data')).release();
  });

  it('is free again when its holder was killed, even when another process has got its number', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    const { pid = 0 } = gone;
    await once(gone, 'exit');
    for (const holder of [
      { pid, identity: 'of a process that has ended' },
      { pid: process.pid, identity: 'of an earlier process with this number' },
    ]) {
      writeFileSync(path.join(base, 'lock'), JSON.stringify(holder));
      DataFolder.open(base).release();
    }
    expect(identityOf(pid)).toBeUndefined();
  });

  it('keeps its secrets from one start to the next, for their owner alone', () => {
    const first = DataFolder.open(base);
    const secret = first.secret('secret', 'base64');
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(first.secret('another', 'hex')).not.toBe(Buffer.from(secret, 'base64').toString('hex'));
    first.release();
    const second = DataFolder.open(base);
    expect(second.secret('secret', 'base64')).toBe(secret);
    expect(statSync(path.join(base, 'secret')).mode & 0o777).toBe(0o600);
    expect(statSync(second.folder('content')).mode & 0o777).toBe(0o700);
    second.release();
  });

  it('names the folder that cannot be used, and what to do', () => {
    writeFileSync(path.join(base, 'file'), '');
    expect(() => DataFolder.open(path.join(base, 'file', 'data'))).toThrow(/file\/data cannot be used.*set DATA_DIR/);
  });

  it('is ./data of the checkout, or where DATA_DIR says', () => {
    expect(chooseDataFolder(undefined, base, undefined)).toEqual({ folder: path.join(base, 'data') });
    expect(chooseDataFolder('/srv/hub', base, undefined)).toEqual({ folder: '/srv/hub' });
  });

  const whenRoot = isRoot() ? describe : describe.skip;
  whenRoot('of root (skipped for others)', () => {
    it('stays in a checkout that the user of Postgres can enter', () => {
      expect(chooseDataFolder(undefined, base, nobody)).toEqual({ folder: path.join(base, 'data') });
    });

    it('goes to /var/lib when the checkout is closed to that user, and says why', () => {
      const checkout = path.join(base, 'closed', 'hub');
      mkdirSync(checkout, { recursive: true });
      chmodSync(path.dirname(checkout), 0o700);
      const { folder, reason } = chooseDataFolder(undefined, checkout, nobody);
      expect(folder).toMatch(/^\/var\/lib\/learning-hub\/hub-[0-9a-f]{8}$/);
      expect(reason).toContain(checkout);
      expect(() => chooseDataFolder('./mine', checkout, nobody)).toThrow('only root can enter');
    });
  });
});
