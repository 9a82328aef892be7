/** The roles there are, as the fields of a form offer them. */
import type { ProjectRole, SiteRole } from "@/api/types";
import { s } from "@/ui/strings";

export const SITE_ROLES = Object.keys(s.people.roles) as SiteRole[];
export const PROJECT_ROLES = Object.keys(s.people.meansHere) as ProjectRole[];

export const siteChoices = SITE_ROLES.map((value) => ({ value, label: s.people.roles[value] }));
export const projectChoices = PROJECT_ROLES.map((value) => ({ value, label: s.people.roles[value] }));
