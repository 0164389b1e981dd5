// The flow's own settings: name, languages, place, the queue for emergencies, variables and calendars.
import {
  Accordion,
  ActionIcon,
  Button,
  Group,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { NameInput } from "./fields/name_input";
import { TableInput } from "./fields/table_input";
import { fieldFrom, tableOf } from "./model/catalogue";
import { edit, useFlow } from "./model/editor";
import { type Flow, freeId } from "./model/flow";

const ZONES = Intl.supportedValuesOf("timeZone");
const WEEK = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$";
const DAY = "^\\d{4}-\\d{2}-\\d{2}$";
const VARIABLE = "^[a-z][a-z0-9_]{0,31}$";
const USUAL_WEEK = { "mon-fri": "09:00-18:00" };

const put = <K extends keyof Flow>(key: K, value: Flow[K]) =>
  edit(`flow:${key}`, (flow) => ({ ...flow, [key]: value }));
const noRename = () => undefined;

export function FlowSettings() {
  const { t } = useTranslation();
  const flow = useFlow();
  const variables = fieldFrom(
    "variables",
    { patternProperties: { [VARIABLE]: {} } },
    false,
    t("flow.variables"),
    t("flow.variablesHint"),
  );
  return (
    <Stack p="sm" gap="sm">
      <Text fw={650}>{t("flow.settings")}</Text>
      <TextInput
        label={t("flow.name")}
        maxLength={120}
        value={flow.name}
        onChange={(event) => put("name", event.currentTarget.value)}
      />
      <TagsInput
        label={t("flow.languages")}
        description={t("flow.languagesHint")}
        data={["en", "zh"]}
        maxTags={12}
        value={[...flow.languages]}
        onChange={(languages) =>
          languages.length > 0 &&
          put(
            "languages",
            languages.filter((one) => /^[a-z]{2,3}(_[A-Z]{2})?$/.test(one)),
          )
        }
      />
      <Select
        label={t("flow.timezone")}
        searchable
        limit={50}
        allowDeselect={false}
        data={ZONES.includes(flow.timezone) ? ZONES : [flow.timezone, ...ZONES]}
        value={flow.timezone}
        onChange={(zone) => zone !== null && put("timezone", zone)}
      />
      <NameInput
        of="queue"
        label={t("flow.fallback")}
        description={t("flow.fallbackHint")}
        value={flow.fallback}
        onChange={(queue) => put("fallback", queue ?? "")}
      />
      <Select
        label={t("flow.startNode")}
        data={Object.keys(flow.nodes)}
        value={flow.start in flow.nodes ? flow.start : null}
        searchable
        allowDeselect={false}
        onChange={(id) => id !== null && put("start", id)}
      />
      <TableInput
        spec={variables}
        value={asTexts(flow.variables)}
        error={undefined}
        onRenameKey={noRename}
        onChange={(rows) => put("variables", asValues(tableOf(rows)))}
      />
      <Calendars />
    </Stack>
  );
}

/** First values are plain JSON; typed as text: a number is one, true is true, the rest is text. */
function asTexts(values: Flow["variables"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function asValues(texts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const plain = /^(-?(0|[1-9]\d{0,14})(\.\d+)?|true|false|null)$/.test(String(text));
      return [name, plain ? JSON.parse(String(text)) : text];
    }),
  );
}

function Calendars() {
  const { t } = useTranslation();
  const { calendars } = useFlow();
  const change = (name: string, key: string, value: unknown) => {
    const { [key]: _, ...rest } = calendars[name] ?? {};
    put("calendars", {
      ...calendars,
      [name]: value === undefined ? rest : { ...rest, [key]: value },
    });
  };
  const rows = (key: "week" | "holidays" | "overrides", keys: string) =>
    fieldFrom(
      key,
      { patternProperties: { [keys]: {} } },
      false,
      t(`flowCalendar.${key}`),
      t(`flowCalendar.${key}Hint`),
    );
  return (
    <div>
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {t("flow.calendars")}
        </Text>
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => {
            const name = freeId((one) => one in calendars, "office");
            put("calendars", { ...calendars, [name]: { week: USUAL_WEEK } });
          }}
        >
          {t("flow.addCalendar")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t("flow.calendarsHint")}
      </Text>
      <Accordion mt="xs" variant="contained">
        {Object.entries(calendars).map(([name, calendar]) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>{name}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <TableInput
                  spec={rows("week", WEEK)}
                  value={calendar.week}
                  error={undefined}
                  onRenameKey={noRename}
                  onChange={(value) => change(name, "week", value)}
                />
                <TextInput
                  label={t("flowCalendar.country")}
                  maxLength={6}
                  value={String(calendar.country ?? "")}
                  onChange={(event) =>
                    change(name, "country", event.currentTarget.value.toUpperCase() || undefined)
                  }
                />
                {(["holidays", "overrides"] as const).map((key) => (
                  <TableInput
                    key={key}
                    spec={rows(key, DAY)}
                    value={calendar[key]}
                    error={undefined}
                    onRenameKey={noRename}
                    onChange={(value) => change(name, key, value)}
                  />
                ))}
                <Switch
                  label={t("flowCalendar.emergency")}
                  checked={calendar.emergency === true}
                  onChange={(event) =>
                    change(name, "emergency", event.currentTarget.checked || undefined)
                  }
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("flow.removeRow", { key: name })}
                  onClick={() => {
                    const { [name]: _, ...rest } = calendars;
                    put("calendars", rest);
                  }}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </div>
  );
}
