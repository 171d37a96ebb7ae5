import { type Role, roleAbout, roles } from "@/spec/roles";

interface Props {
  label: string;
  role: Role;
  onChoose: (role: Role) => void;
}

export const RoleChoice = ({ label, role, onChoose }: Props) => (
  <select
    aria-label={label}
    value={role}
    onChange={({ target }) => onChoose(target.value as Role)}
    className="rounded-md border bg-canvas px-2 py-1.5"
  >
    {roles.map((one) => (
      <option key={one} value={one} title={roleAbout[one]}>
        {one}
      </option>
    ))}
  </select>
);
