// A button in each of hundreds of rows, with a menu or a few sentences behind it. What is behind is made when
// the button is first pressed: made with the row it would cost more than all the rest of it, and each would hear
// every click and key of the page. To a keyboard and a screen reader the two are as Mantine's own.
import { ActionIcon, type ActionIconProps, Menu, Popover } from "@mantine/core";
import { IconHelp } from "@tabler/icons-react";
import {
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";

interface Props extends ActionIconProps {
  /** Says what the button does. */
  label: string;
  /** Also shown to a mouse that rests on it. */
  shown?: boolean;
  icon: ReactNode;
  /** What is behind: drawn only while it is open. */
  children: ReactNode;
}

export function MenuButton({ children, width, height, ...button }: Props & Room) {
  const { made, opened, setOpened, id, press, place } = useBehind();
  return (
    <>
      <Press {...button} kind="menu" id={id} opened={opened} press={press} place={place} />
      {made && (
        <Menu
          id={id}
          opened={opened}
          onChange={setOpened}
          position="bottom-end"
          withinPortal
          disabled={button.disabled ?? false}
        >
          <Menu.Target>
            <Standing at={place} />
          </Menu.Target>
          <Menu.Dropdown
            mah={height}
            maw={width}
            style={{ overflowY: height ? "auto" : undefined }}
          >
            {children}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

interface Room {
  /** At most, in px. */
  width?: number;
  height?: number;
}

interface WhyProps {
  label: string;
  position: "left" | "bottom-end";
  small?: boolean;
  /** The answer: drawn only while it is open. */
  children: ReactNode;
}

/** A question mark with the answer behind it. */
export function WhyButton({ label, position, small = false, children }: WhyProps) {
  const { made, opened, setOpened, id, press, place } = useBehind();
  return (
    <>
      <Press
        variant="subtle"
        color="gray"
        {...(small ? { size: "sm" } : {})}
        label={label}
        shown
        icon={<IconHelp size={small ? 16 : 18} />}
        kind="dialog"
        id={id}
        opened={opened}
        press={press}
        place={place}
      />
      {made && (
        <Popover
          id={id}
          opened={opened}
          onChange={setOpened}
          position={position}
          width={340}
          withArrow
          shadow="md"
        >
          <Popover.Target>
            <Standing at={place} />
          </Popover.Target>
          <Popover.Dropdown>{opened && children}</Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}

type Place = RefObject<HTMLButtonElement | null>;

function useBehind() {
  const place: Place = useRef(null);
  const id = useId();
  const [made, setMade] = useState(false);
  const [opened, setOpened] = useState(false);
  // Opened after it was made: who has the focus when it opens gets it back when it closes.
  useEffect(() => setOpened(made), [made]);
  const press = () => (made ? setOpened((was) => !was) : setMade(true));
  return { made, opened, setOpened, id, press, place };
}

interface PressProps extends Omit<Props, "children"> {
  kind: "menu" | "dialog";
  id: string;
  opened: boolean;
  press: () => void;
  place: Place;
}

function Press({ label, shown, icon, kind, id, opened, press, place, ...look }: PressProps) {
  return (
    <ActionIcon
      {...look}
      ref={place}
      id={id}
      aria-label={label}
      title={shown ? label : undefined}
      aria-haspopup={kind}
      aria-expanded={opened}
      aria-controls={opened ? `${id}-dropdown` : undefined}
      onClick={press}
    >
      {icon}
    </ActionIcon>
  );
}

/** Where the menu opens: at the button that stands there already. */
function Standing({ at, ref }: { at: Place; ref?: Ref<HTMLElement | null> }) {
  useImperativeHandle<HTMLElement | null, HTMLElement | null>(ref, () => at.current, [at]);
  return null;
}
