// One route: what a call must be like, and the flow it begins with.
import {
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { CalendarEntry, CallerList, RouteItem } from "@/wire/rules";
import { countriesQuery } from "./queries";
import { regionName } from "./route_words";

const NUMBER = /^(\*|\+?[0-9]{1,20}\*?|[a-z][a-z0-9]{0,31})$/;
const CALLER = /^(withheld|\+?[0-9]{1,20}\*?)$/;

interface Props {
  route: RouteItem | null;
  taken: string[];
  targets: { value: string; label: string }[];
  calendars: CalendarEntry[];
  lists: CallerList[];
  onKeep: (route: RouteItem) => void;
  onClose: () => void;
}

const blank = (flow: string): RouteItem => ({
  id: "",
  flow,
  did: "*",
  callers: [],
  regions: [],
  lists: [],
  calendar: "",
  while_: "open",
  percent: 100,
  note: "",
  enabled: true,
});

/** An id that is free, from the note or what is dialled. */
function freeId(route: RouteItem, taken: string[]): string {
  const source = route.note || (route.did === "*" ? "route" : `to-${route.did}`);
  const base =
    source
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 26) || "route";
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}

const compact = (number: string) => number.replace(/[\s().-]/g, "");

export function RouteForm({ route, taken, targets, calendars, lists, onKeep, onClose }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const countries = useQuery(countriesQuery);
  const form = useForm<RouteItem>({
    initialValues: route ?? blank(targets[0]?.value ?? ""),
    validate: {
      flow: (flow) => (flow === "" ? t("rules.flowMissing") : null),
      did: (did) => (NUMBER.test(compact(did) || "*") ? null : t("routeMistake.number")),
      callers: (callers) =>
        callers.every((one) => CALLER.test(compact(one))) ? null : t("routeMistake.number"),
    },
  });
  const submit = (values: RouteItem) => {
    const next = {
      ...values,
      did: compact(values.did) || "*",
      callers: values.callers.map(compact),
      note: values.note.trim(),
    };
    onKeep({ ...next, id: values.id || freeId(next, taken) });
  };
  const codes = [
    ...new Set([...(countries.data ?? []).map(({ code }) => code), ...form.values.regions]),
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{route ? t("rules.changeRoute") : t("rules.newRoute")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="sm">
          <Select
            label={t("rules.flow")}
            description={t("rules.flowHint")}
            data={targets}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t("rules.noFlows")}
            data-autofocus
            {...form.getInputProps("flow")}
          />
          <TextInput
            label={t("rules.did")}
            description={t("rules.didHint")}
            maxLength={40}
            {...form.getInputProps("did")}
          />
          <TagsInput
            label={t("rules.callers")}
            description={t("rules.callersHint")}
            splitChars={[",", " ", ";", "，"]}
            acceptValueOnBlur
            maxTags={200}
            {...form.getInputProps("callers")}
          />
          <MultiSelect
            label={t("rules.regions")}
            description={t("rules.regionsHint")}
            searchable
            limit={60}
            data={codes.map((value) => ({
              value,
              label: `${regionName(value, language)} (${value})`,
            }))}
            {...form.getInputProps("regions")}
          />
          <MultiSelect
            label={t("rules.callerLists")}
            data={lists.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("lists")}
          />
          <Group align="flex-end" grow>
            <Select
              label={t("rules.hours")}
              clearable
              placeholder={t("rules.anyTime")}
              data={calendars.map(({ id, name }) => ({ value: id, label: name }))}
              value={form.values.calendar || null}
              onChange={(chosen) => form.setFieldValue("calendar", chosen ?? "")}
            />
            {form.values.calendar !== "" && (
              <SegmentedControl
                aria-label={t("rules.hours")}
                data={[
                  { value: "open", label: t("rules.isOpen") },
                  { value: "closed", label: t("rules.isClosed") },
                ]}
                value={form.values.while_}
                onChange={(chosen) => form.setFieldValue("while_", chosen as "open" | "closed")}
              />
            )}
          </Group>
          <NumberInput
            label={t("rules.percent")}
            description={t("rules.percentHint")}
            min={1}
            max={100}
            clampBehavior="strict"
            allowDecimal={false}
            suffix=" %"
            {...form.getInputProps("percent")}
          />
          <TextInput label={t("rules.note")} maxLength={200} {...form.getInputProps("note")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit">{t("rules.keep")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
