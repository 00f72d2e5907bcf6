import Table from 'cli-table3';

/** What somebody needs to know to use the hub, in the order in which they will ask. */
export interface ReadyFacts {
  apiUrl: string;
  /** Where courses are played. */
  playerUrl: string;
  /** Undefined when Temporal is the user's own and nobody said where its Web UI is. */
  uiUrl: string | undefined;
  dataFolder: string;
  whyThere: string | undefined;
  postgres: string;
  hasDemoKey: boolean;
  /** The api listens on more than this machine: who reaches it there, and knows the demo key, may come in. */
  isOpenToOthers: boolean;
  adminKeyFile: string;
  logFolder: string;
}

const noLinesBetween = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

export function readyTable(facts: ReadyFacts): string {
  const table = new Table({ style: { border: [] }, chars: noLinesBetween });
  table.push(
    ['API', facts.apiUrl],
    ['Player', facts.playerUrl],
    ['Docs', `${facts.apiUrl}/docs`],
    ['Temporal Web UI', facts.uiUrl ?? "your Temporal's own (TEMPORAL_UI_URL shows it here)"],
    ['Demo key', demoKey(facts)],
    ["Administrator's key", facts.adminKeyFile],
    ['Data folder', facts.whyThere ? `${facts.dataFolder}\n(${facts.whyThere})` : facts.dataFolder],
    ['Postgres', facts.postgres],
    ['Logs', facts.logFolder],
  );
  return table.toString();
}

function demoKey({ hasDemoKey, isOpenToOthers }: ReadyFacts): string {
  if (!hasDemoKey) return 'none: NODE_ENV=production';
  return isOpenToOthers
    ? 'demo / demo-secret\n(HOST lets other machines in, with this key too: NODE_ENV=production has none)'
    : 'demo / demo-secret';
}
