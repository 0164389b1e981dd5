// A run in the background of the server, looked at until it is over or gone. When the server is away for a
// moment, it is asked again.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { ApiError } from "@/wire/rest";
import type { Simulated, WhatIf } from "@/wire/staffing";

const LOOK_MS = 700;

export const over = ({ state }: Pick<WhatIf, "state">) =>
  state !== "waiting" && state !== "running";
const gone = (problem: unknown) => problem instanceof ApiError && problem.status !== 0;

/** `id` null: none was begun. */
export function useRun<Run extends WhatIf | Simulated>(
  name: string,
  id: string | null,
  look: (id: string) => Promise<Run>,
): UseQueryResult<Run> {
  return useQuery({
    queryKey: [name, id],
    enabled: id !== null,
    queryFn: () => look(id ?? ""),
    refetchInterval: ({ state }) =>
      gone(state.error) || (state.data !== undefined && over(state.data)) ? false : LOOK_MS,
  });
}
