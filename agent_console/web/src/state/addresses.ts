// What stands in the address of the pages of the customer side, so that back, reload and a sent link
// lead to the same thing.
export const CUSTOMERS_TABS = ["list", "doubles", "files"] as const;
export type CustomersTab = (typeof CUSTOMERS_TABS)[number];

export interface CustomersSearch {
  id?: string;
  tab?: CustomersTab;
}

export interface TicketsSearch {
  id?: string;
}

export const isCustomersTab = (value: unknown): value is CustomersTab =>
  CUSTOMERS_TABS.some((tab) => tab === value);
