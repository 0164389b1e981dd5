// A2: the box to call from. It takes a number in any form, or part of a name: customers, the directory and
// colleagues are suggested while it is typed. The number is checked before the button can be pressed.
import {
  Button,
  Combobox,
  Loader,
  NativeSelect,
  Stack,
  Text,
  TextInput,
  useCombobox,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Dialled, useMayDial } from "@/components/dial_button";
import { useCommand } from "@/components/use_command";
import { useChoices } from "@/state/choices";
import { command, useOwnRow } from "@/state/console";
import { contactsQuery, dialQuery } from "@/state/dial";
import { phone } from "@/state/format";
import { checkNumber } from "@/wire/outbound";
import { readColleagues, searchCustomers } from "@/wire/rest";

const TEXT_MIN = 2;
const SUGGESTED_MAX = 4;
const NUMBER_LIKE = /^[\s+()\d.\-/　－（）０-９]+$/;

interface Suggestion {
  key: string;
  group: "customers" | "contacts" | "colleagues";
  name: string;
  under: string;
  dialled?: Dialled;
  agent?: string;
}

function useSuggestions(text: string): { found: Suggestion[]; busy: boolean } {
  const enabled = text.length >= TEXT_MIN;
  const customers = useQuery({
    queryKey: ["customers", text],
    queryFn: () => searchCustomers(text),
    enabled,
  });
  const contacts = useQuery({ ...contactsQuery, enabled });
  const colleagues = useQuery({ queryKey: ["colleagues"], queryFn: readColleagues, enabled });
  if (!enabled) return { found: [], busy: false };
  const wanted = text.toLocaleLowerCase();
  const digits = text.replace(/\D/g, "");
  const fits = (name: string, number = "") =>
    name.toLocaleLowerCase().includes(wanted) || (digits.length > 2 && number.includes(digits));
  const found: Suggestion[] = [
    ...(customers.data ?? []).slice(0, SUGGESTED_MAX).flatMap(({ id, name, numbers }) =>
      numbers.slice(0, 2).map(({ number }) => ({
        key: `u ${id} ${number}`,
        group: "customers" as const,
        name,
        under: phone(number),
        dialled: { number, name, customer: id },
      })),
    ),
    ...(contacts.data ?? [])
      .filter(({ name, number }) => fits(name, number))
      .slice(0, SUGGESTED_MAX)
      .map(({ id, name, number, note }) => ({
        key: `c ${id}`,
        group: "contacts" as const,
        name,
        under: [phone(number), note].filter(Boolean).join(" · "),
        dialled: { number, name },
      })),
    ...(colleagues.data?.agents ?? [])
      .filter(({ name, agent }) => fits(name) || agent.includes(wanted))
      .slice(0, SUGGESTED_MAX)
      .map(({ agent, name, team }) => ({
        key: `a ${agent}`,
        group: "colleagues" as const,
        name,
        under: team,
        agent,
      })),
  ];
  return { found, busy: customers.isFetching };
}

const GROUPS = ["customers", "contacts", "colleagues"] as const;

export function DialBox() {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState("");
  const [picked, setPicked] = useState<Suggestion | null>(null);
  const [queue, setQueue] = useState<string | null>(null);
  const [shown, setShown] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const combobox = useCombobox();
  const { free } = useMayDial();
  const { data: choices } = useQuery(dialQuery);
  const own = useOwnRow()?.queues ?? [];
  const queues = useChoices().queues.filter(({ id }) => own.includes(id));
  const { run, pending } = useCommand();
  const { found, busy } = useSuggestions(picked === null ? asked : "");
  const number = picked === null && NUMBER_LIKE.test(asked) && asked.length > 2;
  const check = useQuery({
    queryKey: ["dial-check", asked],
    queryFn: () => checkNumber(asked),
    enabled: number,
    staleTime: 60_000,
  });
  const checked = number ? check.data : undefined;
  const name = queue ?? queues[0]?.id ?? "";
  const ids = (choices?.caller_ids ?? []).filter(
    ({ queues: of }) => of.length === 0 || of.includes(name),
  );
  const refusal = checked?.refusal ?? "";
  const why = refusal === "" ? "" : `refused.${refusal}`;
  const ready = picked !== null || (checked !== undefined && refusal === "");
  const call = async () => {
    if (!ready || !free) return;
    const done = await run(() => {
      if (picked?.agent !== undefined)
        return command({ type: "call_colleague", agent: picked.agent });
      const { number: to = asked, name: called = "", customer = "" } = picked?.dialled ?? {};
      return command({
        type: "dial",
        number: to,
        name: called,
        customer: customer ?? "",
        queue: name,
        shown: ids.some((one) => one.number === shown) ? shown : "",
      });
    });
    if (done) {
      setText("");
      setPicked(null);
    }
  };
  if (choices === undefined) return null;
  return (
    <form
      data-testid="dial-box"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      <Stack gap="xs">
        <Combobox
          store={combobox}
          onOptionSubmit={(key) => {
            const one = found.find((each) => each.key === key);
            if (one !== undefined) {
              setPicked(one);
              setText(
                one.dialled === undefined ? one.name : `${one.name} ${phone(one.dialled.number)}`,
              );
            }
            combobox.closeDropdown();
          }}
        >
          <Combobox.Target>
            <TextInput
              label={t("dialBox.label")}
              placeholder={t("dialBox.placeholder")}
              maxLength={80}
              autoComplete="off"
              value={text}
              error={why !== "" && i18n.exists(why) ? t(why as "refused.too-late") : undefined}
              description={
                checked !== undefined && refusal === ""
                  ? `${checked.shown} · ${checked.country}`
                  : undefined
              }
              inputWrapperOrder={["label", "input", "description", "error"]}
              rightSection={busy ? <Loader size={16} /> : null}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setPicked(null);
                combobox.openDropdown();
              }}
              onBlur={() => combobox.closeDropdown()}
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={found.length === 0}>
            <Combobox.Options>
              {GROUPS.map((group) => {
                const some = found.filter((one) => one.group === group);
                return some.length === 0 ? null : (
                  <Combobox.Group key={group} label={t(`dialGroup.${group}`)}>
                    {some.map((one) => (
                      <Combobox.Option key={one.key} value={one.key}>
                        <Text size="sm" fw={600} truncate>
                          {one.name}
                        </Text>
                        <Text size="xs" c="dimmed" truncate>
                          {one.under}
                        </Text>
                      </Combobox.Option>
                    ))}
                  </Combobox.Group>
                );
              })}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
        {(queues.length > 1 || ids.length > 1) && (
          <Stack gap="xs">
            {queues.length > 1 && (
              <NativeSelect
                size="xs"
                label={t("dialBox.queue")}
                data={queues.map(({ id, name: label }) => ({ value: id, label }))}
                value={name}
                onChange={(event) => setQueue(event.currentTarget.value)}
              />
            )}
            {ids.length > 1 && (
              <NativeSelect
                size="xs"
                label={t("dialBox.shown")}
                data={ids.map(({ number: value, name: label }) => ({
                  value,
                  label: label === "" ? phone(value) : `${label} · ${phone(value)}`,
                }))}
                value={ids.some((one) => one.number === shown) ? shown : ids[0]?.number}
                onChange={(event) => setShown(event.currentTarget.value)}
              />
            )}
          </Stack>
        )}
        {choices.refusal !== "" && picked?.agent === undefined && (
          <Text size="xs" c="dimmed">
            {t(`refused.${choices.refusal}` as "refused.outbound-off")}
          </Text>
        )}
        <Button
          type="submit"
          color="green"
          leftSection={<IconPhoneOutgoing size={18} />}
          disabled={!ready || !free}
          loading={pending}
        >
          {t("dialBox.call")}
        </Button>
      </Stack>
    </form>
  );
}
