// The calls behind a number of a report.
import type { components } from "./generated/api";
import { fromRead, type Interaction } from "./interactions";
import { moment } from "./record";
import { client, taken } from "./rest";

type Schemas = components["schemas"];

/** One time that a call is in the number: when, and in which queue and by whom, that was. */
export interface CallBehind {
  key: string;
  call: string;
  at: number;
  queue: string;
  agent: string;
  times: number;
  /** Null while the call goes on. */
  interaction: Interaction | null;
}

/** What `features/reports/behind` puts into the address. */
export interface BehindSearch {
  figure?: string;
  report?: string;
  since?: string;
  until?: string;
  zone?: string;
  queues?: string;
  agents?: string;
  disposition?: string;
  number?: string;
  weekday?: string;
  hour?: string;
  over?: string;
  upto?: string;
  flow?: string;
  ended?: string;
  way?: string;
  question?: string;
  trunk?: string;
  cause?: string;
  /** Of tickets. */
  type?: string;
}

/** What the lists of tickets and callbacks are asked for: the period, queues and agents of the number. */
export const countedOf = ({ figure, since, until, queues, agents }: BehindSearch) => ({
  ...(figure === undefined ? {} : { figure }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
  ...(queues === undefined ? {} : { queues: queues.split(",") }),
  ...(agents === undefined ? {} : { agents: agents.split(",") }),
});
export type Counted = ReturnType<typeof countedOf>;

const whole = (text: string | undefined) => (text === undefined ? undefined : Number(text));

/** One page, newest first; `count`: the number itself, `calls`: different ones. */
export async function listCallsBehind(search: BehindSearch, cursor: string | null) {
  const { figure = "", report, since = "", until = "", zone, disposition, number } = search;
  const { flow, ended, way, question, trunk, cause } = search;
  const query = {
    figure,
    report,
    since,
    until,
    zone,
    disposition,
    number,
    flow,
    ended,
    way,
    question,
    trunk,
    cause,
    queues: search.queues?.split(","),
    agents: search.agents?.split(","),
    weekday: whole(search.weekday),
    hour: whole(search.hour),
    over: whole(search.over),
    upto: whole(search.upto),
    ...(cursor === null ? {} : { cursor }),
  };
  const page = await taken(client.GET("/api/calls-behind", { params: { query } }));
  return {
    items: page.items.map((read) => fromItem(read)),
    title: page.title,
    count: page.count,
    calls: page.calls,
    next: page.next,
  };
}

function fromItem(read: Schemas["BehindItem"]): CallBehind {
  const interaction = read.interaction === null ? null : fromRead(read.interaction);
  return {
    key: `${read.at} ${read.call} ${read.leg}`,
    call: read.call,
    at: moment(read.at),
    queue: read.queue || (interaction?.queue ?? ""),
    agent: read.agent || (interaction?.agent ?? ""),
    times: read.times,
    interaction,
  };
}
