// What administrators ask of calls; read once, the same for everybody.
import { queryOptions } from "@tanstack/react-query";
import { listCallForms } from "@/wire/rest";

export const callFormsQuery = queryOptions({
  queryKey: ["call-forms"],
  queryFn: listCallForms,
  staleTime: 60_000,
});
