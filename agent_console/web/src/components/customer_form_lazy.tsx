// The customer's form, loaded when it is first needed, and what it starts with.
import { lazy, Suspense } from "react";
import { needTexts } from "@/state/i18n";
import type { CustomerRecord } from "@/wire/record";
import type { CustomerEdit } from "@/wire/rest";
import type { CustomerFormProps } from "./customer_form";
import { Rows } from "./feedback";

const Form = lazy(async () => {
  const [{ CustomerForm }] = await Promise.all([import("./customer_form"), needTexts("crm")]);
  return { default: CustomerForm };
});

export function CustomerForm(props: CustomerFormProps) {
  return (
    <Suspense fallback={<Rows count={5} />}>
      <Form {...props} />
    </Suspense>
  );
}

export function editOf(customer: Partial<CustomerRecord>): CustomerEdit {
  return {
    name: customer.name ?? "",
    numbers: (customer.numbers ?? []).map(({ typed, label }) => ({ typed, label })),
    emails: (customer.emails ?? []).map(({ typed, label }) => ({ typed, label })),
    kind: customer.kind ?? "person",
    company_id: customer.companyId ?? null,
    consent: customer.consent ?? {},
    company: customer.company ?? "",
    language: customer.language ?? "",
    vip: customer.vip ?? false,
    tags: customer.tags ?? [],
    notes: customer.notes ?? "",
    blocked: customer.blocked ?? false,
    priority: customer.priority ?? 0,
    value_seconds: customer.valueSeconds ?? 0,
    owner_agent: customer.ownerAgent ?? null,
    custom: customer.custom ?? {},
  };
}
