// Evaluation forms: a draft that administrators change, versions that never change once published.
import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { IconClipboardList, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { nameIn, useForms } from "@/components/quality/words";
import { useLanguage } from "@/state/choices";
import { useSession } from "@/state/session";
import { FormEditor } from "./form_editor";

export function Forms() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { role } = useSession();
  const query = useForms();
  const [editing, setEditing] = useState<string | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  const { items } = query.data;
  if (editing !== null)
    return (
      <FormEditor
        stored={items.find(({ form }) => form.code === editing) ?? null}
        onNew={setEditing}
        onDone={() => setEditing(null)}
      />
    );
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("quality.formsHint")}
        </Text>
        {role === "administrator" && (
          <Button
            leftSection={<IconPlus size={16} />}
            style={{ flexShrink: 0 }}
            onClick={() => setEditing("")}
          >
            {t("quality.newForm")}
          </Button>
        )}
      </Group>
      {items.length === 0 && (
        <Card withBorder>
          <Empty
            icon={IconClipboardList}
            title={t("quality.noForms")}
            hint={t("quality.noFormsHint")}
          />
        </Card>
      )}
      {items.map(({ form, published, draft_ahead, active }) => (
        <Card withBorder key={form.code} data-form={form.code}>
          <Group justify="space-between">
            <div style={{ minWidth: 0 }}>
              <Text fw={600} truncate {...(active ? {} : { c: "dimmed" })}>
                {nameIn(form, language)}
              </Text>
              <Text size="xs" c="dimmed">
                {t("quality.passMark")} {form.pass_mark} ·{" "}
                {t("quality.questionCount", {
                  count: form.sections.reduce((sum, one) => sum + one.questions.length, 0),
                })}
              </Text>
            </div>
            <Group gap="xs" wrap="nowrap">
              {draft_ahead && (
                <Badge className="cc-badge" color="orange" variant="light">
                  {t("quality.draftAhead")}
                </Badge>
              )}
              <Badge className="cc-badge" variant="light" color={published ? "green" : "gray"}>
                {published === null ? t("quality.notPublished") : `v${published}`}
              </Badge>
              <Button size="compact-sm" variant="default" onClick={() => setEditing(form.code)}>
                {t(role === "administrator" ? "action.edit" : "quality.open")}
              </Button>
            </Group>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
