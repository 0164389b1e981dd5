// Skills and queues of an agent, changed on the spot; queues of other teams stay as they are.
import { Button, Group, MultiSelect, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useQueueNames } from "@/state/choices";
import { listAgentsOfMine, putWork } from "@/wire/floor";
import type { AgentRow } from "@/wire/messages";
import { useDeed, Why } from "./deed";

export function Work({ row, onDone }: { row: AgentRow; onDone: () => void }) {
  const agents = useQuery({
    queryKey: ["floor", "agents"],
    queryFn: listAgentsOfMine,
    staleTime: 0,
  });
  if (agents.isError) return <Failure error={agents.error} retry={() => void agents.refetch()} />;
  const known = agents.data?.find(({ id }) => id === row.agent);
  if (known === undefined || agents.isFetching) return <Rows count={3} />;
  return <WorkForm row={row} skills={known.skills ?? {}} queues={known.queues} onDone={onDone} />;
}

function WorkForm({
  row,
  skills: before,
  queues: served,
  onDone,
}: {
  row: AgentRow;
  skills: Record<string, number>;
  queues: string[];
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const live = useQueueNames();
  const [skills, setSkills] = useState(before);
  const [queues, setQueues] = useState(served);
  const [skill, setSkill] = useState("");
  const [why, setWhy] = useState("");
  const { run, doing } = useDeed(onDone);
  const usable = /^[a-z0-9_-]{1,32}$/.test(skill) && !(skill in skills);
  // Queues of other teams are left as they are: they are shown by their id and cannot be chosen.
  const known = [...new Set([...Object.keys(live), ...served])];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => putWork(row.agent, { skills, queues, why }));
      }}
    >
      <Stack>
        <MultiSelect
          label={t("floor.queues")}
          data={known.map((id) => ({
            value: id,
            label: live[id] ?? id,
            disabled: live[id] === undefined,
          }))}
          value={queues}
          onChange={(chosen) =>
            setQueues([...chosen, ...served.filter((id) => !(id in live) && !chosen.includes(id))])
          }
        />
        <Text size="sm" fw={500}>
          {t("floor.skills")}
        </Text>
        {Object.entries(skills).map(([name, level]) => (
          <Group key={name} justify="space-between" wrap="nowrap">
            <Text size="sm">{name}</Text>
            <NumberInput
              aria-label={t("floor.levelOf", { skill: name })}
              min={0}
              max={10}
              w={90}
              value={level}
              onChange={(value) => {
                const { [name]: _old, ...rest } = skills;
                setSkills(Number(value) > 0 ? { ...skills, [name]: Number(value) } : rest);
              }}
            />
          </Group>
        ))}
        <Group wrap="nowrap" align="flex-end">
          <TextInput
            label={t("floor.newSkill")}
            maxLength={32}
            value={skill}
            onChange={(event) => setSkill(event.currentTarget.value.toLowerCase())}
          />
          <Button
            variant="default"
            disabled={!usable}
            onClick={() => {
              setSkills({ ...skills, [skill]: 5 });
              setSkill("");
            }}
          >
            {t("floor.addSkill")}
          </Button>
        </Group>
        <Why value={why} onChange={setWhy} />
        <Button type="submit" loading={doing} disabled={why.trim().length < 3}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
