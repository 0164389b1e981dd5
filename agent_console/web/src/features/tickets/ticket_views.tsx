// Ways to look at the list of tickets, kept under a name.
import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { IconBookmarkPlus, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { listViews, removeView, saveView, type TicketFilter } from "@/wire/crm";

export function Views({
  filter,
  onChoose,
}: {
  filter: TicketFilter;
  onChoose: (filter: TicketFilter) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { run } = useCommand();
  const [name, setName] = useState("");
  const { data = [] } = useQuery({ queryKey: ["ticket-views"], queryFn: listViews });
  const changed = () => queries.invalidateQueries({ queryKey: ["ticket-views"] });
  return (
    <Group gap={6}>
      {data.map((view) => (
        <Group key={view.id} gap={0} wrap="nowrap">
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => onChoose({ q: "", ...(view.filter as Partial<TicketFilter>) })}
          >
            {view.name}
          </Button>
          {view.mine && (
            <ActionIcon
              size={24}
              variant="subtle"
              color="gray"
              aria-label={t("ticket.viewRemove", { name: view.name })}
              onClick={() =>
                void run(async () => {
                  await removeView(view.id);
                  await changed();
                })
              }
            >
              <IconX size={12} />
            </ActionIcon>
          )}
        </Group>
      ))}
      <TextInput
        size="xs"
        w={150}
        aria-label={t("ticket.viewName")}
        placeholder={t("ticket.viewName")}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        rightSection={
          <ActionIcon
            size={24}
            variant="subtle"
            disabled={name.trim() === ""}
            aria-label={t("ticket.viewSave")}
            onClick={() =>
              void run(async () => {
                await saveView(name, filter);
                setName("");
                await changed();
              })
            }
          >
            <IconBookmarkPlus size={14} />
          </ActionIcon>
        }
      />
    </Group>
  );
}
