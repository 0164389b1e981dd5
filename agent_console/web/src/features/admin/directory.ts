// The three lists administration works with, and the one change that touches several of them: a person
// with agent and queues. The order matters: an agent must exist before a user can work as it.
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { listGroups } from "@/wire/groups";
import {
  changePerson,
  createPerson,
  listAgents,
  listPeople,
  listQueues,
  type PersonBody,
  putAgent,
  putMembers,
  type QueueEntry,
} from "@/wire/rest";

export const groupsQuery = queryOptions({ queryKey: ["admin", "groups"], queryFn: listGroups });
export const peopleQuery = queryOptions({ queryKey: ["admin", "people"], queryFn: listPeople });
export const agentsQuery = queryOptions({ queryKey: ["admin", "agents"], queryFn: listAgents });
export const queuesQuery = queryOptions({ queryKey: ["admin", "queues"], queryFn: listQueues });

export interface PersonEdit {
  /** null: a new person. */
  id: string | null;
  user: PersonBody;
  team: string;
  skills: Record<string, number>;
  queues: string[];
  groups: string[];
  weight: number;
  capacity: { voice: number; chat: number; work: number };
}

/** `Li Wei` or `li.wei` -> `liwei`: what an agent's or a queue's id may consist of. */
export function idFrom(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 32);
}

/** The queues whose members change, with their new members; the order of the others stays. */
export function memberChanges(
  queues: QueueEntry[],
  agent: string,
  wanted: string[],
): { queue: string; members: string[]; version: number }[] {
  return queues.flatMap(({ id, members, version }) => {
    const is = members.includes(agent);
    const shall = wanted.includes(id);
    if (is === shall) return [];
    const after = shall ? [...members, agent] : members.filter((one) => one !== agent);
    return [{ queue: id, members: after, version }];
  });
}

/** Answers the first password of a new person, null for a changed one. */
export async function savePerson(
  client: QueryClient,
  edit: PersonEdit,
  queues: QueueEntry[],
): Promise<string | null> {
  const { agent } = edit.user;
  try {
    if (agent)
      await putAgent(agent, {
        name: edit.user.name,
        team: edit.team,
        skills: edit.skills,
        groups: edit.groups,
        weight: edit.weight,
        capacity: edit.capacity,
      });
    let password: string | null = null;
    if (edit.id === null) password = (await createPerson(edit.user)).password;
    else await changePerson(edit.id, edit.user);
    if (agent) {
      for (const { queue, members, version } of memberChanges(queues, agent, edit.queues)) {
        await putMembers(queue, members, version);
      }
    }
    return password;
  } finally {
    await client.invalidateQueries({ queryKey: ["admin"] });
  }
}
