import { Command } from 'commander';
import type { Delivery } from '../deliveries/deliveries.schemas';
import type { Endpoint, EndpointWithSecret } from '../deliveries/endpoints.schemas';
import { CommandError, everyPage, type HubClient } from './hub-client';
import { applicationOf, queryOf, wholeNumber } from './options';
import { printRows } from './print';
import { shorten, shortTime } from './shorten.rules';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

interface Settings extends Json {
  name?: string;
  url?: string;
  username?: string;
  password?: string;
  concurrency?: number;
  rate?: number | 'none';
}

const root = '/hub/v1/endpoints';
const pathOf = (id: string, action = ''): string => `${root}/${encodeURIComponent(id)}${action}`;

const lineOf = (endpoint: Endpoint) => ({
  id: endpoint.id,
  name: shorten(endpoint.name, 20),
  url: shorten(endpoint.implicit ? `${endpoint.origin} (postbacks)` : endpoint.url, 40),
  dialect: endpoint.dialect,
  state: endpoint.state,
  failures: endpoint.health.failures,
  'failing since': shortTime(endpoint.health.failing_since),
  'last failure': shorten(endpoint.health.last_failure, 40),
});
const columns = ['id', 'name', 'url', 'dialect', 'state', 'failures', 'failing since', 'last failure'];

const print = (endpoints: readonly Endpoint[], json = false): void =>
  printRows(json ? endpoints : endpoints.map(lineOf), columns, json);

/** All that there is to know, a line each. */
function printWhole(endpoint: Endpoint & { signing_secret?: string }, json = false): void {
  if (json) return printRows([endpoint], [], json);
  const { health, ...rest } = endpoint;
  const lines = Object.entries({ ...rest, ...health }).map(([what, value]) => ({ what, value }));
  printRows(lines, ['what', 'value'], json);
}

function tellSecret(json = false): void {
  if (!json) process.stdout.write('Keep the signing secret now: it is not shown again.\n');
}

/** `none` takes the limit away. */
const rateOf = (text: string): number | 'none' => (text === 'none' ? text : wholeNumber(text));

interface Creation extends Settings {
  app?: string;
  dialect: string;
  subscription?: string;
}

/** What was not given is undefined, and so not sent. */
const bodyOf = ({ name, url, username, password, concurrency, rate }: Settings) => ({
  name,
  url,
  username,
  password,
  concurrency,
  requests_per_second: rate === 'none' ? null : rate,
});

/** The options that creating and updating share. */
const withSettings = (command: Command): Command =>
  command
    .option('--name <text>', 'what it is called')
    .option('--username <user>', 'for Basic authentication')
    .option('--password <password>', 'for Basic authentication')
    .option('--concurrency <count>', 'requests at a time, 1 to 100', wholeNumber)
    .option('--rate <count>', 'requests a second, 1 to 10000, or none', rateOf)
    .option('--json', 'print JSON');

/** A member of the body, from the option of its name, which is JSON. */
function jsonOf(name: 'payload' | 'subscription', text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return { [name]: JSON.parse(text) as unknown };
  } catch {
    throw new CommandError(`--${name} is not JSON.`);
  }
}

export function endpointCommands(connect: Connect): Command {
  const endpoints = new Command('endpoints').description('endpoints: where deliveries go');
  endpoints
    .command('list')
    .description('list endpoints and how they are')
    .option('--state <state>', 'active, paused, recovering or disabled')
    .option('--dialect <dialect>', 'postback, loep, loep-json or events')
    .option('--app <app>', 'of one application, by name or id')
    .option('--json', 'print JSON')
    .action(async ({ json, app, ...filter }: Json & { app?: string; state?: string; dialect?: string }) => {
      const client = await connect();
      const query = queryOf({ ...filter, ...(await applicationOf(client, app)) });
      print(await everyPage(client, `${root}${query}`, (page) => page['endpoints'] as Endpoint[]), json);
    });
  endpoints
    .command('show <id>')
    .description('show one endpoint')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: Json) => printWhole(await (await connect()).get<Endpoint>(pathOf(id)), json));
  withSettings(endpoints.command('create <url>'))
    .description('create an endpoint; its signing secret is shown this once')
    .option('--dialect <dialect>', 'postback, loep, loep-json or events', 'postback')
    .option('--app <app>', 'whose it is, by name or id')
    .option(
      '--subscription <json>',
      'of the dialect events: {"programs": […], "types": […], "filter": {…}, "from": "now"}',
    )
    .action(async (url: string, { app, dialect, subscription, ...settings }: Creation) => {
      const client = await connect();
      const what = { dialect, ...jsonOf('subscription', subscription) };
      const body = { ...bodyOf({ ...settings, url }), ...what, ...(await applicationOf(client, app)) };
      printWhole(await client.post<EndpointWithSecret>(root, body), settings.json);
      tellSecret(settings.json);
    });
  withSettings(endpoints.command('update <id>'))
    .description('change what is given')
    .option('--url <url>', 'where deliveries go')
    .action(async (id: string, settings: Settings) =>
      print([await (await connect()).patch<Endpoint>(pathOf(id), bodyOf(settings))], settings.json),
    );
  for (const [action, description] of [
    ['pause', 'hold its deliveries back until it is resumed'],
    ['resume', 'send to it again, whatever held it, and make its retries at once'],
  ] as const) {
    endpoints
      .command(`${action} <id>`)
      .description(description)
      .option('--json', 'print JSON')
      .action(async (id: string, { json }: Json) =>
        print([await (await connect()).post<Endpoint>(pathOf(id, `/${action}`), {})], json),
      );
  }
  endpoints
    .command('test <id>')
    .description('send a delivery to it; `deliveries show` tells how it was taken')
    .option('--payload <json>', 'what is sent; a sample unless given')
    .option('--subject <id>', 'tests of one subject arrive in order')
    .option('--json', 'print JSON')
    .action(async (id: string, { payload, subject, json = false }: Json & { payload?: string; subject?: string }) => {
      const body = { ...jsonOf('payload', payload), ...(subject === undefined ? {} : { subject }) };
      printRows([await (await connect()).post<Delivery>(pathOf(id, '/test'), body)], ['id', 'state'], json);
    });
  endpoints
    .command('rotate-secret <id>')
    .description('give it a new signing secret, shown this once; the former signs too for a while')
    .option('--overlap <seconds>', 'how long the former signs too; a day unless given', wholeNumber)
    .option('--json', 'print JSON')
    .action(async (id: string, { overlap, json = false }: Json & { overlap?: number }) => {
      const body = overlap === undefined ? {} : { overlap_seconds: overlap };
      const rotated = await (await connect()).post<EndpointWithSecret>(pathOf(id, '/rotate-secret'), body);
      printRows([rotated], ['id', 'signing_secret'], json);
      tellSecret(json);
    });
  endpoints
    .command('delete <id>')
    .description('delete it with its deliveries')
    .action(async (id: string) => {
      await (await connect()).delete(pathOf(id));
      process.stdout.write(`Endpoint ${id} is deleted.\n`);
    });
  return endpoints;
}
