// Questions to the server that several pages of the customer side share.
import { queryOptions } from "@tanstack/react-query";
import { listCustomerFields } from "@/wire/rest";

export const customerFieldsQuery = queryOptions({
  queryKey: ["customer-fields"],
  queryFn: listCustomerFields,
  staleTime: 60_000,
});
