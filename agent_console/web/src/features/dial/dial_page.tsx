// A number that came from outside (a link, another system, the telephone links of this computer): shown, and
// asked about, before anything is done with it. Nothing is dialled by opening an address.
import {
  Alert,
  Button,
  Card,
  CopyButton,
  Group,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconCopy, IconPhoneOutgoing, IconRefresh } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dial, useMayDial } from "@/components/dial_button";
import { NewCallback } from "@/components/new_callback";
import { useCommand } from "@/components/use_command";

const NUMBER = /^[+0-9][0-9 ()./-]{1,38}$/;

/** `tel:` as browsers hand it over, and whatever people paste. */
export function numberFrom(text: string): string {
  return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"))
    .replace(/^(web\+)?tel:/i, "")
    .replace(/;.*$/s, "")
    .trim();
}

export function DialPage() {
  const { t } = useTranslation();
  const { number: asked = "" } = useSearch({ from: "/inside/dial" });
  const [number, setNumber] = useState(() => numberFrom(asked));
  const [calling, setCalling] = useState(false);
  const good = NUMBER.test(number.trim());
  const { allowed, free } = useMayDial();
  const { run, pending } = useCommand();
  const navigate = useNavigate();
  const call = async () => {
    await dial({ number: number.trim() });
    await navigate({ to: "/" });
  };
  return (
    <Stack maw={560} mx="auto">
      <Title order={2} size="h4">
        {t("dial.title")}
      </Title>
      <Card withBorder>
        <Stack>
          {asked !== "" && <Text size="sm">{t("dial.asked")}</Text>}
          <TextInput
            label={t("dial.number")}
            size="lg"
            type="tel"
            maxLength={40}
            value={number}
            error={number !== "" && !good ? t("dial.wrong") : ""}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          {!allowed && (
            <Alert color="blue" variant="light">
              {t("dial.notHere")}
            </Alert>
          )}
          <Group>
            {allowed && (
              <Button
                leftSection={<IconPhoneOutgoing size={16} />}
                disabled={!good || !free}
                loading={pending}
                onClick={() => void run(call)}
              >
                {t("dial.call")}
              </Button>
            )}
            <Button
              variant={allowed ? "default" : "filled"}
              leftSection={<IconRefresh size={16} />}
              disabled={!good}
              onClick={() => setCalling(true)}
            >
              {t("dial.callBack")}
            </Button>
            <CopyButton value={number}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  leftSection={<IconCopy size={16} />}
                  disabled={number.trim() === ""}
                  onClick={copy}
                >
                  {t(copied ? "dial.copied" : "dial.copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      </Card>
      <Card withBorder>
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{t("dial.protocolHint")}</Text>
          <Button size="compact-sm" variant="default" onClick={register}>
            {t("dial.protocol")}
          </Button>
        </Stack>
      </Card>
      <NewCallback
        opened={calling}
        onClose={() => setCalling(false)}
        known={{ number: number.trim(), name: "", queue: null, customer: null, language: "" }}
      />
    </Stack>
  );
}

/** From now on this browser brings telephone links (tel:) here; it asks the person itself. */
function register(): void {
  navigator.registerProtocolHandler("tel", `${location.origin}/dial?number=%s`);
}
