// A form's draft made a version, and the versions there are.
import { Alert, Button, Card, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaving } from "@/components/saving";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { useSession } from "@/state/session";
import { listFormVersions, publishForm, restoreForm, type StoredForm } from "@/wire/quality";

export function Publishing({ stored }: { stored: StoredForm }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { role } = useSession();
  const { code } = stored.form;
  const { save, saving } = useSaving(["quality", "forms"]);
  const [note, setNote] = useState("");
  const versions = useQuery({
    queryKey: ["quality", "forms", code, "versions"],
    queryFn: () => listFormVersions(code),
  });
  return (
    <Card withBorder>
      <Stack gap="sm">
        {stored.flaws.length > 0 && (
          <Alert color="orange">
            {language === "zh" ? stored.flaws_zh.join("；") : stored.flaws.join("; ")}
          </Alert>
        )}
        {role === "administrator" && (
          <Group align="flex-end">
            <TextInput
              label={t("quality.versionNote")}
              maxLength={300}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Button
              loading={saving}
              disabled={!stored.draft_ahead || stored.flaws.length > 0}
              onClick={async () => {
                if (await save(() => publishForm(code, stored.revision, note))) setNote("");
              }}
            >
              {t("quality.publish")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("quality.publishHint")}
            </Text>
          </Group>
        )}
        {(versions.data ?? []).length > 0 && (
          <Table>
            <Table.Tbody>
              {versions.data?.map((one) => (
                <Table.Tr key={one.number}>
                  <Table.Td>v{one.number}</Table.Td>
                  <Table.Td>{one.note}</Table.Td>
                  <Table.Td>{one.by}</Table.Td>
                  <Table.Td className="cc-figures">
                    {moment(Date.parse(one.at) / 1000, serverNow(), language)}
                  </Table.Td>
                  <Table.Td ta="end">
                    {role === "administrator" && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        onClick={() =>
                          void save(() => restoreForm(code, stored.revision, one.number))
                        }
                      >
                        {t("quality.restore")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  );
}
