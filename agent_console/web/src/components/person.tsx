// A person by name or, failing that, by number; a number that can be copied.
import { ActionIcon, Avatar, CopyButton, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { initials, phone } from "@/state/format";
import { DialButton } from "./dial_button";

export function PersonAvatar({ name, size = 40 }: { name: string; size?: number }) {
  return (
    <Avatar size={size} radius="xl" color="teal" variant="light" aria-hidden>
      {name === "" ? <IconUser size={size * 0.55} /> : initials(name)}
    </Avatar>
  );
}

/** Who calls, for a heading: the name known, the number, or that it is withheld. */
export function useCallerName(): (name: string, number: string) => string {
  const { t } = useTranslation();
  return (name, number) => name || phone(number) || t("caller.withheld");
}

/** `dial`: with a button that calls it, for who may; not where the call is that is going on. */
export function PhoneText({
  number,
  c,
  dial = true,
  name = "",
  customer = null,
}: {
  number: string;
  c?: string;
  dial?: boolean;
  name?: string;
  customer?: string | null;
}) {
  const { t } = useTranslation();
  if (number === "") {
    return (
      <Text span inherit c={c ?? "dimmed"}>
        {t("caller.withheld")}
      </Text>
    );
  }
  return (
    <Group component="span" gap={2} wrap="nowrap" display="inline-flex">
      <Text span inherit className="cc-figures" {...(c ? { c } : {})}>
        {phone(number)}
      </Text>
      <CopyButton value={number}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t("action.copied") : t("action.copy")}>
            <ActionIcon
              size={24}
              variant="transparent"
              c={c ?? "dimmed"}
              aria-label={t("action.copy")}
              onClick={copy}
            >
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      {dial && <DialButton number={number} name={name} customer={customer} />}
    </Group>
  );
}
