// Days unlike the week: public holidays by country, closed days of one's own (also from a calendar file),
// and days with hours of their own.
import {
  ActionIcon,
  Button,
  FileButton,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconCalendarPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { spansOf, textOf } from "@/state/week";
import { type HoursBody, readIcs } from "@/wire/rules";
import { dayName } from "./hours_words";
import { countriesQuery } from "./queries";
import { regionName } from "./route_words";
import { DayText } from "./week_grid";

const ICS_MAX = 900_000;

interface Props {
  hours: HoursBody;
  onChange: (hours: HoursBody) => void;
  readOnly: boolean;
}

export function SpecialDays({ hours, onChange, readOnly }: Props) {
  return (
    <Stack gap="lg">
      <Holidays hours={hours} onChange={onChange} readOnly={readOnly} />
      <Overrides hours={hours} onChange={onChange} readOnly={readOnly} />
    </Stack>
  );
}

const without = (days: Record<string, string>, day: string) =>
  Object.fromEntries(Object.entries(days).filter(([one]) => one !== day));
const inOrder = (days: Record<string, string>) =>
  Object.entries(days).sort(([one], [other]) => one.localeCompare(other));

function Holidays({ hours, onChange, readOnly }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const countries = useQuery({ ...countriesQuery, enabled: !readOnly });
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState("");
  const [land = "", part = ""] = hours.country.split("-");
  const parts = countries.data?.find(({ code }) => code === land)?.parts ?? [];
  const codes = [
    ...new Set([...(countries.data ?? []).map(({ code }) => code), ...(land ? [land] : [])]),
  ];
  const bring = async (file: File | null) => {
    if (file === null) return;
    setError(null);
    setSaid("");
    try {
      const { days, skipped } = await readIcs((await file.text()).slice(0, ICS_MAX));
      onChange({ ...hours, holidays: { ...hours.holidays, ...days } });
      setSaid([t("hours.imported", { count: Object.keys(days).length }), ...skipped].join(" "));
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {t("hours.holidays")}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t("hours.country")}
          description={t("hours.countryHint")}
          searchable
          clearable
          readOnly={readOnly}
          data={codes
            .map((value) => ({ value, label: regionName(value, language) }))
            .sort((one, other) => one.label.localeCompare(other.label, language))}
          value={land || null}
          onChange={(code) => onChange({ ...hours, country: code ?? "" })}
        />
        {parts.length > 0 && (
          <Select
            label={t("hours.part")}
            description={t("hours.partHint")}
            searchable
            clearable
            readOnly={readOnly}
            data={parts}
            value={part || null}
            onChange={(code) => onChange({ ...hours, country: code ? `${land}-${code}` : land })}
          />
        )}
      </SimpleGrid>
      <DayTable
        days={inOrder(hours.holidays)}
        readOnly={readOnly}
        onRemove={(day) => onChange({ ...hours, holidays: without(hours.holidays, day) })}
      />
      {!readOnly && (
        <AddDay
          label={t("hours.addHoliday")}
          more={t("hours.holidayName")}
          onAdd={(day, name) =>
            onChange({
              ...hours,
              holidays: { ...hours.holidays, [day]: name || t("hours.closed") },
            })
          }
        >
          <FileButton onChange={(file) => void bring(file)} accept=".ics,text/calendar">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                {t("hours.importIcs")}
              </Button>
            )}
          </FileButton>
        </AddDay>
      )}
      {said !== "" && (
        <Text size="sm" role="status">
          {said}
        </Text>
      )}
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}

function Overrides({ hours, onChange, readOnly }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {t("hours.overrides")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("hours.overridesHint")}
      </Text>
      <DayTable
        days={inOrder(hours.overrides)}
        readOnly={readOnly}
        onRemove={(day) => onChange({ ...hours, overrides: without(hours.overrides, day) })}
        onTimes={(day, times) =>
          onChange({ ...hours, overrides: { ...hours.overrides, [day]: times || "closed" } })
        }
      />
      {!readOnly && (
        <AddDay
          label={t("hours.addOverride")}
          more={t("hours.times")}
          wrong={(times) => spansOf(times) === null}
          onAdd={(day, times) =>
            onChange({
              ...hours,
              overrides: { ...hours.overrides, [day]: textOf(spansOf(times) ?? []) || "closed" },
            })
          }
        />
      )}
    </Stack>
  );
}

interface TableProps {
  days: [string, string][];
  readOnly: boolean;
  onRemove: (day: string) => void;
  onTimes?: (day: string, times: string) => void;
}

function DayTable({ days, readOnly, onRemove, onTimes }: TableProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (days.length === 0) return null;
  return (
    <Table verticalSpacing={4}>
      <Table.Tbody>
        {days.map(([day, value]) => (
          <Table.Tr key={day}>
            <Table.Td className="cc-figures" w={120}>
              {day}
            </Table.Td>
            <Table.Td w={150} c="dimmed">
              {dayName(day, language)}
            </Table.Td>
            <Table.Td>
              {onTimes ? (
                <DayText
                  label={t("hours.timesOf", { day })}
                  spans={spansOf(value) ?? []}
                  readOnly={readOnly}
                  onChange={(spans) => onTimes(day, textOf(spans))}
                />
              ) : (
                value
              )}
            </Table.Td>
            <Table.Td ta="end" w={60}>
              {!readOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("rules.remove", { name: day })}
                  onClick={() => onRemove(day)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface AddProps {
  label: string;
  more: string;
  wrong?: (text: string) => boolean;
  onAdd: (day: string, text: string) => void;
  children?: React.ReactNode;
}

function AddDay({ label, more, wrong = () => false, onAdd, children }: AddProps) {
  const { t } = useTranslation();
  const [day, setDay] = useState("");
  const [text, setText] = useState("");
  const bad = wrong(text);
  const add = () => {
    onAdd(day, text.trim());
    setDay("");
    setText("");
  };
  return (
    <Group align="flex-start">
      <TextInput
        type="date"
        aria-label={label}
        value={day}
        onChange={({ currentTarget }) => setDay(currentTarget.value)}
      />
      <TextInput
        aria-label={`${label}: ${more}`}
        placeholder={more}
        maxLength={80}
        error={bad ? t("hours.timesWrong") : undefined}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button
        variant="light"
        leftSection={<IconCalendarPlus size={16} />}
        disabled={!/^\d{4}-\d{2}-\d{2}$/.test(day) || bad}
        onClick={add}
      >
        {label}
      </Button>
      {children}
    </Group>
  );
}
