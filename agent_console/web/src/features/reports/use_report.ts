// A report at once; one that takes long goes on in the background, with its progress, until it is done
// or cancelled. Leaving the page does not end it: whoever comes back within the session finds it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type Asked,
  beginJob,
  cancelJob,
  type Report,
  type ReportJob,
  readCatalogue,
  readJob,
  readReport,
} from "@/wire/reports";
import { ApiError } from "@/wire/rest";

const LOOK_MS = 1_000;

export const useCatalogue = () =>
  useQuery({ queryKey: ["reports"], queryFn: readCatalogue, staleTime: 300_000 });

export interface Shown {
  report: Report | undefined;
  job: ReportJob | null;
  loading: boolean;
  error: unknown;
  again: () => void;
  cancel: () => void;
}

const over = (job: ReportJob) => job.state !== "waiting" && job.state !== "running";

export function useReport(name: string, asked: Asked, ready: boolean): Shown {
  const client = useQueryClient();
  const key = ["report", name, asked];
  const first = useQuery({
    queryKey: key,
    enabled: ready,
    staleTime: 30_000,
    queryFn: async (): Promise<{ report?: Report; job?: string }> => {
      try {
        return { report: await readReport(name, asked) };
      } catch (problem) {
        if (!(problem instanceof ApiError) || problem.code !== "too_long") throw problem;
        return { job: (await beginJob(name, asked)).id };
      }
    },
  });
  const id = first.data?.job;
  const job = useQuery({
    queryKey: ["report-job", id],
    enabled: id !== undefined,
    queryFn: () => readJob(id ?? ""),
    refetchInterval: (query) =>
      query.state.data !== undefined && over(query.state.data) ? false : LOOK_MS,
  });
  const again = () => {
    void client.invalidateQueries({ queryKey: key });
  };
  const cancel = () => {
    if (id === undefined) return;
    void cancelJob(id).then(() => job.refetch());
  };
  return {
    report: first.data?.report ?? job.data?.result ?? undefined,
    job: job.data ?? null,
    loading: first.isPending || (id !== undefined && job.isPending),
    error: first.error ?? job.error,
    again,
    cancel,
  };
}
