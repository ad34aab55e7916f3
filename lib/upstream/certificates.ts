import { X509Certificate } from 'node:crypto';
import { secretText } from '../secret-text.ts';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Certificates as PEM, one or several. What is none would be passed over, and nothing trusted in its place. */
export const certificates = secretText.refine((text) => {
  const blocks = text.match(block) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}, 'is not a certificate as PEM');

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
