import { allowTypes, type Check, compileKind, entityCheck, withArticle } from './compile-kinds.rules';
import { contextMembers, type EventRule, eventTypes, profiles } from './event-types';
import { isAbsent, isObject, type JsonObject, quoted, type Report } from './problems.rules';
import { actions, spelledAction } from './vocabularies';

interface CompiledRule {
  /** By member of the event. */
  checks: ReadonlyMap<string, Check>;
  required: readonly string[];
  inline: readonly string[];
}

interface CompiledEvent {
  byAction: ReadonlyMap<string, CompiledRule>;
  /** For an action that the event does not have: its entities are looked at all the same. */
  otherwise: CompiledRule;
}

const nothing: Check = () => undefined;

/** Members that are the same for all events. Those with nothing to check here are checked for their form already. */
const common: readonly (readonly [string, Check])[] = [
  ...['@context', 'id', 'type', 'profile', 'action', 'eventTime'].map((member) => [member, nothing] as const),
  ['extensions', compileKind('map')],
  ...['actor', 'object', 'generated', 'target', 'referrer'].map(
    (member) => [member, entityCheck(allowTypes(['Entity']))] as const,
  ),
  ...Object.entries(contextMembers).map(([member, types]) => [member, entityCheck(allowTypes(types))] as const),
];

function compileRule({ required = [], inline = [], ...rule }: Partial<EventRule>): CompiledRule {
  const checks = new Map(common);
  for (const member of ['actor', 'object', 'generated', 'target', 'referrer'] as const) {
    const types = rule[member];
    if (types) checks.set(member, entityCheck(allowTypes(types)));
  }
  return { checks, required, inline };
}

const otherwise = compileRule({});

const events: ReadonlyMap<string, CompiledEvent> = new Map(
  Object.entries(eventTypes).map(([type, { rules }]) => {
    const compiled = rules.map((rule) => [rule.actions, compileRule(rule)] as const);
    const byAction = new Map(compiled.flatMap(([names, rule]) => names.map((name) => [name, rule] as const)));
    return [type, { byAction, otherwise }];
  }),
);

/** What a profile allows as the object of an event, where that is narrower than the event's own rule. */
const objects: ReadonlyMap<string, ReadonlyMap<string, Check>> = new Map(
  Object.entries(profiles).map(([profile, types]) => [
    profile,
    new Map(
      Object.entries(types).map(([type, narrowed]) => [type, narrowed === true ? nothing : objectCheck(narrowed)]),
    ),
  ]),
);

/** The type alone: the event's rule looks at the object's attributes. */
function objectCheck(types: readonly string[]): Check {
  const allowed = allowTypes(types);
  return (value, path, report) => {
    if (!isObject(value) || typeof value.type !== 'string' || allowed.includes(value.type)) return;
    report(`${path}.type`, `must be ${allowed.wording} or a subtype in this profile, not ${quoted(value.type)}`);
  };
}

/** Whether an event is what Caliper 1.2 says of its type, action and profile. Says nothing of an unknown type. */
export function checkEventProfile(event: JsonObject, report: Report): void {
  const type = typeof event.type === 'string' ? event.type : '';
  const rules = events.get(type);
  if (rules === undefined) return;
  const rule = findRule(event, type, rules, report);
  for (const member in event) {
    const value = event[member];
    if (isAbsent(value)) continue;
    const check = rule.checks.get(member);
    if (check) check(value, member, report);
    else report(member, `is not a member of an event: put attributes of your own into extensions`);
  }
  checkNeeds(event, rule, `${type} with the action ${nameOf(event.action)}`, report);
  checkGoverning(event, type, report);
}

function findRule(event: JsonObject, type: string, { byAction, otherwise: fallback }: CompiledEvent, report: Report) {
  const action = typeof event.action === 'string' ? spelledAction(event.action) : undefined;
  const rule = action === undefined ? undefined : byAction.get(action);
  if (rule === undefined && !isAbsent(event.action)) {
    const wanted = byAction.size === actions.size ? 'an action of Caliper 1.2' : [...byAction.keys()].join(', ');
    report('action', `${quoted(event.action)} is not an action of ${withArticle(type)}: send ${wanted}`);
  }
  return rule ?? fallback;
}

function checkNeeds(event: JsonObject, rule: CompiledRule, what: string, report: Report): void {
  for (const member of rule.required) {
    if (isAbsent(event[member])) report(member, `is missing: ${withArticle(what)} needs it`);
  }
  for (const member of rule.inline) {
    if (typeof event[member] === 'string')
      report(member, `must be an object: ${withArticle(what)} needs what it holds`);
  }
}

function checkGoverning(event: JsonObject, type: string, report: Report): void {
  const profile = typeof event.profile === 'string' ? objects.get(event.profile) : undefined;
  if (profile === undefined) return;
  const check = profile.get(type);
  if (check) return check(event.object, 'object', report);
  report('profile', `has no ${type}: send ${profilesOf(type).join(' or ')}, or leave it out`);
}

const profilesOf = (type: string): string[] =>
  Object.keys(profiles).filter((profile) => Object.hasOwn(profiles[profile] ?? {}, type));

/** An action that can be made into text: an object may have no way to. */
const nameOf = (action: unknown): string => (typeof action === 'string' ? action.slice(0, 60) : quoted(action));
