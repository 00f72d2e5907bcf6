import { readFileSync } from 'node:fs';
import { eventTypes, profiles } from '../../src/caliper/event-types';
import { timebackTypes } from '../../src/caliper/timeback-profile';

const lines = readFileSync('docs/caliper.md', 'utf8').split('\n');

/** Lines of tables that begin with a name. */
const rowsOf = (name: string): string[] => lines.filter((line) => new RegExp(`^\\| \`?${name}\`? `).test(line));

describe('docs/caliper.md', () => {
  it.each(Object.entries(eventTypes))('has %s with its actions and types', (type, { rules }) => {
    const rows = rowsOf(type);
    expect(rows).toHaveLength(rules.length);
    rules.forEach(({ actions, actor, object, generated = [], target = [] }, index) => {
      const named = type === 'Event' ? actor : [...actions, ...actor, ...object.filter((name) => name !== 'Entity')];
      for (const name of [...named, ...generated, ...target]) expect(rows[index]).toContain(name);
    });
  });

  it.each(Object.entries(profiles))('has the %s with its events', (profile, events) => {
    const [row = ''] = rowsOf(profile);
    for (const event of Object.keys(events)) expect(row).toContain(event);
  });

  it.each(Object.entries(timebackTypes))('has %s with its attributes', (type, { attributes = {} }) => {
    const [row = ''] = rowsOf(type);
    for (const attribute of Object.keys(attributes)) expect(row).toContain(`\`${attribute}\``);
  });
});
