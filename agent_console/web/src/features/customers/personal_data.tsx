// For administrators: everything that is kept about a person as one file, and its erasure. Erasing asks for the
// name, so that nobody erases the wrong one, and says afterwards what stayed and why.

import { Alert, Button, Card, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useCommand } from "@/components/use_command";
import { erasePerson } from "@/wire/crm";
import type { CustomerRecord } from "@/wire/record";

export function PersonalData({
  customer,
  onGone,
}: {
  customer: CustomerRecord;
  onGone: () => void;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <Card withBorder data-testid="personal-data">
      <Title order={3} size="h5" mb="xs">
        {t("person.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("person.text")}
      </Text>
      <Group gap="xs">
        <Button
          component="a"
          href={`/api/customers/${customer.id}/personal-data`}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          {t("person.export")}
        </Button>
        <Button
          size="xs"
          variant="light"
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() => setAsking(true)}
        >
          {t("person.erase")}
        </Button>
      </Group>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("person.eraseTitle")}>
        <Erase customer={customer} onGone={onGone} />
      </Modal>
    </Card>
  );
}

function Erase({ customer, onGone }: { customer: CustomerRecord; onGone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const [name, setName] = useState("");
  const [why, setWhy] = useState("");
  const meant = name.trim() === customer.name && why.trim() !== "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          const done = await erasePerson(customer.id, name.trim(), why.trim());
          const words = t("person.done", { recordings: done.recordings, messages: done.messages });
          const stayed = done.held > 0 ? ` ${t("person.held", { count: done.held })}` : "";
          notify({ color: "green", message: words + stayed, autoClose: false });
          onGone();
          await queries.invalidateQueries();
        });
      }}
    >
      <Stack gap="sm">
        <Alert color="red">{t("person.eraseText")}</Alert>
        <TextInput
          label={t("person.nameAgain", { name: customer.name })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={t("person.why")}
          value={why}
          maxLength={300}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        <Button type="submit" color="red" disabled={!meant} loading={pending}>
          {t("person.confirm")}
        </Button>
      </Stack>
    </form>
  );
}
