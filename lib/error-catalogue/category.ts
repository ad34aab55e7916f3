import type { Language } from '../language.ts';
import type { CatalogueError } from './catalogue.ts';

/** What a kind of error is called in a problem's title. */
export const categoryTitles: Record<CatalogueError['category'], Record<Language, string>> = {
  authentication: { en: 'Not signed in', 'pt-BR': 'Sem autenticação' },
  authorization: { en: 'Not allowed', 'pt-BR': 'Sem permissão' },
  validation: { en: 'Not valid', 'pt-BR': 'Inválido' },
  notFound: { en: 'Not found', 'pt-BR': 'Não encontrado' },
  conflict: { en: 'Conflict', 'pt-BR': 'Conflito' },
  state: { en: 'Not in this state', 'pt-BR': 'Não neste estado' },
  limit: { en: 'Limit reached', 'pt-BR': 'Limite atingido' },
  unsupported: { en: 'Not supported', 'pt-BR': 'Não suportado' },
  internal: { en: 'Internal error', 'pt-BR': 'Erro interno' },
};
