// A table of rows: keys of a menu and what they stand for, variables and expressions, skills and their
// least proficiency. Where the keys are ways out, the way follows its key.
import { ActionIcon, Button, Group, Input, NumberInput, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tableOf } from "../model/catalogue";
import type { FieldProps } from "./field";
import { NameInput } from "./name_input";

const KEYS = [..."1234567890*#"];

/** The first key that fits and is free: 1, 2, 3 ... for a menu, a, b, c ... elsewhere. */
function nextKey(keys: RegExp, taken: string[]): string {
  const wishes = [...KEYS, "mon-fri", "sat", "sun", "en", "zh", ...[..."abcdefghij"]];
  const today = new Date().toISOString().slice(0, 10);
  return [...wishes, today].find((one) => keys.test(one) && !taken.includes(one)) ?? "";
}

export function TableInput({ spec, value, error, onChange, onRenameKey }: FieldProps) {
  const { t } = useTranslation();
  const { rows: kind } = spec;
  if (kind === null) return null;
  const table = tableOf(value ?? spec.usual);
  const rows = Object.entries(table);
  const put = (changed: [string, unknown][]) =>
    onChange(changed.length === 0 ? undefined : Object.fromEntries(changed));
  const rename = (from: string, to: string) => {
    if (to in table || !kind.keys.test(to)) return;
    put(rows.map(([key, item]) => [key === from ? to : key, item]));
    onRenameKey(from, to);
  };
  const empty = kind.shape === "number" ? 1 : "";
  return (
    <Input.Wrapper
      labelElement="div"
      label={spec.title}
      description={spec.about}
      withAsterisk={spec.required}
      error={error}
    >
      <Stack gap={4} mt={4}>
        {rows.map(([key, item], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the key is being typed; the place stays
          <Group key={index} gap={4} wrap="nowrap" align="flex-start">
            <KeyInput
              value={key}
              names={kind.keyNames}
              label={`${spec.title} ${index + 1}, ${t("flow.key")}`}
              fits={(typed) => kind.keys.test(typed) && (typed === key || !(typed in table))}
              onChange={(typed) => rename(key, typed)}
            />
            <RowValue
              kind={kind}
              label={`${spec.title} ${key}`}
              value={item}
              onChange={(fresh) =>
                put(rows.map(([k, old]) => [k, k === key ? (fresh ?? empty) : old]))
              }
            />
            <ActionIcon
              mt={4}
              variant="subtle"
              color="gray"
              aria-label={t("flow.removeRow", { key })}
              onClick={() => put(rows.filter(([k]) => k !== key))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPlus size={13} />}
            aria-label={`${t("flow.addRow")}: ${spec.title}`}
            onClick={() => {
              const key = nextKey(kind.keys, Object.keys(table));
              if (key !== "") put([...rows, [key, empty]]);
            }}
          >
            {t("flow.addRow")}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

/** Taken over when it is left or Enter is pressed: a half-typed key is none. */
function KeyInput({
  value,
  names,
  label,
  fits,
  onChange,
}: {
  value: string;
  names: string;
  label: string;
  fits(typed: string): boolean;
  onChange(typed: string): void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  if (names !== "") {
    return (
      <NameInput
        of={names}
        aria-label={label}
        value={value}
        onChange={(name) => name && onChange(name)}
      />
    );
  }
  const done = () => {
    if (typed !== null && fits(typed)) onChange(typed);
    setTyped(null);
  };
  return (
    <TextInput
      w={104}
      style={{ flexShrink: 0 }}
      className="fd-code"
      aria-label={label}
      value={typed ?? value}
      error={typed !== null && !fits(typed)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}

function RowValue({
  kind,
  label,
  value,
  onChange,
}: {
  kind: NonNullable<FieldProps["spec"]["rows"]>;
  label: string;
  value: unknown;
  onChange(value: unknown): void;
}) {
  if (kind.shape === "number") {
    return (
      <NumberInput
        style={{ flex: 1 }}
        aria-label={label}
        allowDecimal={!kind.whole}
        value={Number(value)}
        onChange={(typed) => onChange(typed === "" ? undefined : Number(typed))}
      />
    );
  }
  return (
    <TextInput
      style={{ flex: 1 }}
      className={kind.shape === "expression" ? "fd-code" : ""}
      aria-label={label}
      maxLength={500}
      value={String(value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
