// What a setting may name: queues, skills, calendars ... of this centre and of this flow. Fetched once;
// where a list is not known, the name is typed.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { readNames } from "@/wire/flows";
import { useFlow } from "../model/editor";

export interface Named {
  value: string;
  label: string;
}

const namesQuery = queryOptions({
  queryKey: ["flows", "names"],
  queryFn: readNames,
  staleTime: 30_000,
});

const plain = (values: Iterable<string>): Named[] =>
  [...new Set(values)].map((value) => ({ value, label: value }));
const titled = (rows: { id: string; title: string }[]): Named[] =>
  rows.map(({ id, title }) => ({
    value: id,
    label: title === "" || title === id ? id : `${title} (${id})`,
  }));

/** `null`: nobody knows the names; they are typed. */
export function useNames(of: string): Named[] | null {
  const flow = useFlow();
  const { data } = useQuery(namesQuery);
  switch (of) {
    case "queue":
      return data ? titled(data.queues) : null;
    case "flow":
      return data ? titled(data.flows.filter(({ id }) => id !== flow.id)) : null;
    case "calendar":
      return plain([
        ...Object.keys(flow.calendars),
        ...(data?.calendars ?? []).map(({ id }) => id),
      ]);
    case "prompt":
      return plain([...Object.keys(flow.prompts), ...Object.values(data?.prompts ?? {}).flat()]);
    case "language":
      return plain(flow.languages);
    case "skill":
      return data ? plain(data.skills) : null;
    case "box":
      return data?.boxes ? plain(data.boxes) : null;
    case "source":
      return data?.sources ? plain(data.sources) : null;
    case "secret":
      return data?.secrets ? plain(data.secrets) : null;
    default:
      return null;
  }
}
