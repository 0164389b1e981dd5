// Choosing how the call ended: chips while they are few, else the last ones used as chips and a search
// through the whole tree, by any words of it in either language.
import { Chip, Group, Input, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Late, late } from "@/components/late";
import { useLanguage } from "@/state/choices";
import { labelOf, type Outcome } from "@/state/dispositions";
import { recentDispositions } from "@/wire/rest";

const CHIPS_MAX = 8;
const SEARCH = late(async () => (await import("./outcome_search")).OutcomeSearch);

interface Props {
  outcomes: Outcome[];
  queue: string | null;
  value: string;
  error: string;
  onChange: (code: string) => void;
}

export function OutcomeChoice({ outcomes, queue, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const few = outcomes.length <= CHIPS_MAX && outcomes.every(({ path }) => path.length === 1);
  if (few) {
    return (
      <Input.Wrapper
        label={t("wrapUp.disposition")}
        withAsterisk
        error={error || undefined}
        labelElement="div"
      >
        <Chips
          label={t("wrapUp.disposition")}
          outcomes={outcomes}
          value={value}
          invalid={error !== ""}
          onChange={onChange}
        />
      </Input.Wrapper>
    );
  }
  return (
    <div>
      <Late
        part={SEARCH}
        props={{ outcomes, value, error, onChange }}
        meanwhile={<Skeleton height={60} />}
      />
      <Recent outcomes={outcomes} queue={queue} value={value} onChange={onChange} />
    </div>
  );
}

function Recent({ outcomes, queue, value, onChange }: Omit<Props, "error">) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["recent-dispositions", queue],
    queryFn: () => recentDispositions(queue),
  });
  const recent = (query.data ?? []).flatMap((code) => outcomes.filter((one) => one.code === code));
  if (recent.length === 0) return null;
  return (
    <Chips
      label={t("wrapUp.recent")}
      outcomes={recent}
      value={value}
      invalid={false}
      onChange={onChange}
    />
  );
}

function Chips({
  label,
  outcomes,
  value,
  invalid,
  onChange,
}: {
  label: string;
  outcomes: Outcome[];
  value: string;
  invalid: boolean;
  onChange: (code: string) => void;
}) {
  const language = useLanguage();
  return (
    <Chip.Group value={value} onChange={(code) => onChange(String(code))}>
      <Group
        gap={6}
        mt={6}
        mb={6}
        role="radiogroup"
        aria-label={label}
        data-invalid={invalid || undefined}
      >
        {outcomes.map((one) => (
          <Chip key={one.code} value={one.code} size="sm">
            {labelOf(one, language)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
