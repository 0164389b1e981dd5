// The directory of outside numbers: one line a contact, edited where it stands.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  Modal,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { contactsQuery } from "@/state/dial";
import { phone } from "@/state/format";
import { type Contact, putContact, removeContact } from "@/wire/outbound";
import { ApiError } from "@/wire/rest";

export function Directory() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(contactsQuery);
  const [edited, setEdited] = useState<Contact | null>(null);
  const [error, setError] = useState<unknown>(null);
  const again = () => client.invalidateQueries({ queryKey: ["contacts"] });
  const fresh = () =>
    setEdited({ id: crypto.randomUUID(), name: "", number: "", note: "", version: 0 });
  const remove = async (one: Contact) => {
    setError(null);
    try {
      await removeContact(one.id);
      notify({
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t("outbound.removed", { name: one.name })}</Text>
            <Button size="xs" variant="light" onClick={() => void restore(one)}>
              {t("outbound.undo")}
            </Button>
          </Group>
        ),
      });
      await again();
    } catch (problem) {
      setError(problem);
    }
  };
  const restore = async (one: Contact) => {
    const { id, name, number, note } = one;
    await putContact(id, { name, number, note, version: 0 }).catch(setError);
    await again();
  };
  return (
    <Card withBorder data-testid="directory">
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={3} size="h5">
            {t("outbound.directory")}
          </Title>
          <Text size="xs" c="dimmed">
            {t("outbound.directoryHint")}
          </Text>
        </div>
        <Button size="sm" leftSection={<IconPlus size={16} />} onClick={fresh}>
          {t("outbound.newContact")}
        </Button>
      </Group>
      {error !== null && <Failure error={error} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={3} />}
      {query.data?.length === 0 && (
        <Text c="dimmed" ta="center" py="md">
          {t("outbound.noContacts")}
        </Text>
      )}
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {query.data?.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text fw={600}>{one.name}</Text>
                <Text size="xs" c="dimmed">
                  {one.note}
                </Text>
              </Table.Td>
              <Table.Td className="cc-figures">{phone(one.number)}</Table.Td>
              <Table.Td>
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    aria-label={t("outbound.edit", { name: one.name })}
                    onClick={() => setEdited(one)}
                  >
                    <IconPencil size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t("outbound.removeContact", { name: one.name })}
                    onClick={() => void remove(one)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {edited !== null && (
        <ContactForm
          contact={edited}
          onDone={async () => {
            setEdited(null);
            await again();
          }}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}

interface FormProps {
  contact: Contact;
  onDone: () => Promise<void>;
  onClose: () => void;
}

function ContactForm({ contact, onDone, onClose }: FormProps) {
  const { t, i18n } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: contact.name, number: contact.number, note: contact.note },
    validate: {
      name: (name) => (name.trim() === "" ? t("outbound.nameMissing") : null),
      number: (number) => (number.trim() === "" ? t("refused.not-dialable-unreadable") : null),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setError(null);
    try {
      await putContact(contact.id, { ...values, version: contact.version });
    } catch (problem) {
      const key = problem instanceof ApiError ? `refused.${problem.code}` : "";
      if (key !== "" && i18n.exists(key)) {
        form.setFieldError("number", t(key as "refused.not-dialable-unreadable"));
      } else setError(problem);
      return;
    }
    await onDone();
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={contact.version === 0 ? t("outbound.newContact") : contact.name}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            data-autofocus
            label={t("outbound.name")}
            maxLength={120}
            {...form.getInputProps("name")}
          />
          <TextInput
            type="tel"
            label={t("outside.number")}
            description={t("outside.hint")}
            maxLength={80}
            {...form.getInputProps("number")}
          />
          <TextInput label={t("outbound.note")} maxLength={400} {...form.getInputProps("note")} />
          {error !== null && <Failure error={error} />}
          <Button type="submit" loading={form.submitting}>
            {t("action.save")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
